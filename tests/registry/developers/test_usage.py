"""Usage by day: counted from the gate, drawn, filtered and downloaded."""

import csv
import io
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import ApiKey, Environment, Platform, User
from portal.api.models import Usage
from portal.kit import clock
from registry.developers import chart, usage
from registry.gate.models import Decision, Failure
from tests.portal.platforms import rows


class Month:
    """A platform with a live and a test key that asked on some days."""

    def __init__(self, alice: User, eve: User) -> None:
        self.now = clock.now()
        self.today = self.now.astimezone(UTC).date()
        self.platform: Platform = rows.live(alice, now=self.now)
        self.live, _secret = rows.key(self.platform, alice, now=self.now, environment=Environment.LIVE)
        self.test, _secret = rows.key(self.platform, alice, now=self.now, name="=cmd()")
        other, _secret = rows.key(rows.live(eve, "other-tv", now=self.now), eve, now=self.now)
        for back, key, allowed in (
            (0, self.live, True),
            (0, self.live, True),
            (3, self.live, False),
            (3, self.test, True),
            (40, self.live, True),
        ):
            self.decides(key, self.now - timedelta(days=back), allowed)
        self.decides(other, self.now, True, platform="other-tv")
        Failure.objects.create(key=self.live.pk, day=self.today, count=5)
        Failure.objects.create(key=other.pk, day=self.today, count=7)
        for outcome, calls in (("ok", 4), ("refused", 2)):
            Usage.objects.create(
                platform=self.platform,
                environment="live",
                credential=self.live.pk,
                day=self.today,
                operation="changes",
                outcome=outcome,
                calls=calls,
            )

    def decides(self, key: ApiKey, at: datetime, allowed: bool, platform: str = "demo-live") -> None:
        Decision.objects.create(at=at, as_of=at, platform=platform, key=key.pk, registry_id="0" * 12, ask={}, allowed=allowed)


@pytest.fixture
def month(alice: User, eve: User) -> Month:
    """What there is to count."""
    return Month(alice, eve)


def test_every_day_has_its_numbers_and_no_others(month: Month) -> None:
    found = usage.counts(month.platform, month.today, usage.credentials_of(month.platform))
    days = usage.by_day(found, month.today)
    assert len(days) == usage.DAYS
    assert days[-1].counts == {"allowed": 2, "denied": 0, "failed": 5, "calls": 6}
    assert days[-4].counts == {"allowed": 1, "denied": 1, "failed": 0, "calls": 0}
    assert sum(day.total for day in days) == 15


def test_the_page_shows_the_chart_and_the_same_numbers_as_a_table(month: Month, client: Client, alice: User) -> None:
    client.force_login(alice)
    where = f"/developers/platforms/{month.platform.pk}/usage/"
    page = client.get(where).content.decode()
    assert page.count("<rect") == 5
    assert 'aria-labelledby="usage-title usage-desc"' in page
    assert "style=" not in page.split("<main")[1].split("</main>")[0]
    assert client.get(where, {"environment": "test"}).content.decode().count("<rect") == 1
    assert client.get(where, {"credential": str(month.live.pk)}).content.decode().count("<rect") == 4
    assert client.get(where, {"credential": str(uuid.uuid4())}).status_code == 422


def test_the_download_is_safe_in_a_spreadsheet(month: Month, client: Client, alice: User) -> None:
    client.force_login(alice)
    answer = client.get(f"/developers/platforms/{month.platform.pk}/usage.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer["Content-Disposition"].startswith('attachment; filename="usage-demo-live-')
    assert [
        (line["environment"], line["allowed"], line["denied"], line["failed"]) for line in lines if line["day"] == str(month.today)
    ] == [("live", "2", "0", "5")]
    assert {line["name"] for line in lines} == {"ingest", "'=cmd()"}


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), max_size=12))
def test_no_bar_leaves_the_chart_and_heights_keep_their_proportions(numbers: list[tuple[int, int]]) -> None:
    days = [
        (str(date(2026, 3, 1) + timedelta(days=place)), [(str(n), number) for n, number in enumerate(each)])
        for place, each in enumerate(numbers)
    ]
    drawn = chart.draw(days)
    assert all(bar.y >= chart.TOP - 0.1 and bar.y + bar.height <= chart.HEIGHT - chart.BOTTOM + 0.2 for bar in drawn.bars)
    assert all(bar.x >= chart.LEFT and bar.x + bar.width <= chart.WIDTH for bar in drawn.bars)
    assert len(drawn.bars) == sum(number > 0 for each in numbers for number in each)


@pytest.mark.parametrize(("most", "top"), [(0, 5), (4, 5), (5, 5), (6, 10), (11, 20), (999, 1000), (1001, 2000)])
def test_the_axis_ends_with_a_round_number(most: int, top: int) -> None:
    assert chart.ceiling(most) == top
