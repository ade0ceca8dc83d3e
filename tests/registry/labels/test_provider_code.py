"""The 27 characters of a provider: real ones are read, wrong ones are not, and none is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.labels import provider_code
from registry.labels.provider_code import ProviderCode

# Read off real labels (TC260-PG-20252A).
REAL = {
    "001191110102MAD55U9H0F10002": ProviderCode("91110102MAD55U9H0F", "1", "0002"),
    "001191440300708461136T1XGW3": ProviderCode("91440300708461136T", "1", "XGW3"),
    "001191320118MAK93FC72D10001": ProviderCode("91320118MAK93FC72D", "1", "0001"),
}


@pytest.mark.parametrize("code", REAL)
def test_a_real_code_is_read(code: str) -> None:
    assert provider_code.read(code) == REAL[code]


@pytest.mark.parametrize("code", REAL)
def test_what_is_composed_is_what_was_read(code: str) -> None:
    parts = REAL[code]
    assert provider_code.compose(parts.uscc, parts.service + parts.model) == code
    unused = provider_code.compose(parts.uscc)
    assert unused == f"0011{parts.uscc}00000"
    assert provider_code.read(unused) == ProviderCode(parts.uscc, "", "")


@given(st.sampled_from(sorted(REAL)), st.integers(4, 21), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_no_single_slip_in_the_credit_code_goes_unseen(code: str, place: int, letter: str) -> None:
    slipped = code[:place] + letter + code[place + 1 :]
    assert slipped == code or provider_code.read(slipped) is None
    assert provider_code.looks_like_one(slipped)


WRONG = [("91110102MAD55U9H0G", "00000"), ("91110102mad55u9h0f", "00000"), ("", "00000")]


@pytest.mark.parametrize(("uscc", "extension"), [*WRONG, ("91110102MAD55U9H0F", "30001"), ("91110102MAD55U9H0F", "1")])
def test_no_code_is_made_of_what_is_wrong(uscc: str, extension: str) -> None:
    with pytest.raises(ValueError):
        provider_code.compose(uscc, extension)


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    assert provider_code.read(text) is None
