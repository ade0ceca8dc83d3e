"""Dates as documents print them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.engines import dates


@pytest.mark.parametrize("text", ["1990年5月4日", "1990 年 5 月 4 日", "1990.05.04", "1990-5-4", "1990/05/04", "19900504", "04 MAY 1990"])
def test_a_date_has_many_forms(text: str) -> None:
    assert dates.day(text) == date(1990, 5, 4)


@pytest.mark.parametrize("text", ["04 5月/MAY 1990", "045月/MAY1990", "4 MAY/MAI 1990", "乌托邦 04 5月/MAY 1990"])
def test_passports_have_two_languages(text: str) -> None:
    assert dates.day(text) == date(1990, 5, 4)


@pytest.mark.parametrize("text", ["", "1990.13.04", "1990年2月30日", "0000.01.01", "姓名", "123456789012"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert dates.day(text) is None


def test_a_period_has_two_ends() -> None:
    assert dates.period("有效期限2015.01.01-2035.01.01") == (date(2015, 1, 1), date(2035, 1, 1))
    assert dates.period("2015.01.01—长期") == (date(2015, 1, 1), dates.LONG_TERM)
    assert dates.period("2035.01.01-2015.01.01") is None
    assert dates.period("1990-05-04") is None


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    assert dates.day(text) is None or isinstance(dates.day(text), date)
    assert dates.period(text) is None or dates.period(text)
