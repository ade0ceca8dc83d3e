"""What was true at a moment, for platforms: those it concerns, and nobody else; and that they asked is written down."""

from datetime import timedelta

import pytest

from portal.accounts.models import Scope, User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.kit import clock
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from tests.portal.api.rows import Calling
from tests.registry.rows import registration_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def live(db: None) -> Calling:
    """The platform on which Alice's personas appear."""
    return Calling("demo-live")


@pytest.fixture
def path(alice: User) -> str:
    """Where the past of a registration of two hours ago is asked for."""
    row = registration_of(alice, now=clock.now() - 2 * HOUR)
    return f"registrations/{ids.printed(row.registry_id)}/history"


def test_a_platform_hears_what_was_true_and_what_the_gate_would_have_said(live: Calling, path: str) -> None:
    moment = clock.rfc3339(clock.now() - HOUR)
    told = live.get(f"{path}?at={moment}&activity=live").json()
    assert (told["status"], told["at"], told["platforms"]) == ("active", moment, ["demo-live"])
    assert told["verdict"]["allowed"] is True
    assert (told["since"][-1], told["expires_at"][-1]) == ("Z", "Z")
    assert "verdict" not in live.get(f"{path}?at={moment}").json()
    entry = Entry.objects.filter(event=Event.PAST_READ).latest("id")
    assert (entry.actor_kind, entry.actor_id) == ("platform", live.platform.pk)
    assert entry.request_id


WRONG = ["", "?at=x", "?at=2026-03-02T10:00:00", "?at=2999-01-01T00:00:00Z", "?at=2026-03-02T10:00:00Z&activity=dance"]


@pytest.mark.parametrize("query", WRONG)
def test_a_moment_that_is_none_or_has_not_come_is_refused(live: Calling, path: str, query: str) -> None:
    answer = live.get(path + query)
    assert (answer.status_code, answer.json()["code"]) == (422, "parameters_invalid")


def test_before_it_was_registered_nothing_was_true(live: Calling, path: str) -> None:
    answer = live.get(f"{path}?at={clock.rfc3339(clock.now() - 3 * HOUR)}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_yet_registered")


def test_a_platform_it_does_not_concern_hears_what_it_would_of_none(live: Calling, path: str) -> None:
    eve = Calling("eve")
    for moment in (clock.now() - HOUR, clock.now() - 3 * HOUR):
        theirs = eve.get(f"{path}?at={clock.rfc3339(moment)}")
        none = eve.get(f"registrations/{ids.printed(ids.draw())}/history?at={clock.rfc3339(moment)}")
        assert (theirs.status_code, theirs.json()["code"]) == (none.status_code, none.json()["code"]) == (404, "persona_unknown")
    assert not Entry.objects.filter(event=Event.PAST_READ).exists()


def test_it_takes_a_scope_of_its_own(path: str) -> None:
    answer = Calling("demo-live", Scope.READ, Scope.CHECK).get(f"{path}?at={clock.rfc3339(clock.now())}")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_registration_that_left_the_platform_is_told_of_as_long_as_it_was_there(live: Calling, path: str) -> None:
    moment = clock.rfc3339(clock.now() - HOUR)
    assert live.get(f"{path}?at={moment}").status_code == 200
    Registration.objects.update(facts={"platforms": ["other"]})
    assert live.get(f"{path}?at={moment}").status_code == 404  # nothing was written down of the time before
