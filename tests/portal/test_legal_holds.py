"""A legal hold stops the clocks of its person."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from portal.access.actor import CONSOLE, SYSTEM
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.keeping import clocks, purging, services
from portal.keeping.models import LegalHold
from portal.keeping.purging import Line, Report
from portal.kit.errors import Forbidden
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from tests.portal.rows import case_of

LONG = timedelta(days=31)


def pictured(user: User, now: datetime, count: int = 1) -> list[SealedFile]:
    """Returns the pictures of as many rejected cases, their time over."""
    kept = [files.store(b"picture", media_type="image/jpeg", kind=Retention.PICTURE) for _ in range(count)]
    for file in kept:
        case_of(user, state="rejected", decided_at=now - LONG, document_image=file)
    return kept


def line(report: Report, name: str = "pictures") -> Line:
    """Returns one line of a report."""
    [found] = [each for each in report.lines if each.name == name]
    return found


def _printed(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_a_legal_hold_stops_the_clocks_of_its_person_alone(alice: User, eve: User, now: datetime) -> None:
    held, free = *pictured(alice, now), *pictured(eve, now)
    services.place_legal_hold(actor=CONSOLE, user=alice, reference="(2026) 17", now=now)
    assert line(purging.purge(actor=SYSTEM, now=now)).erased == 1
    assert storages["vault"].exists(held.path)
    assert not storages["vault"].exists(free.path)
    services.lift_legal_hold(actor=CONSOLE, user=alice, reference="(2026) 17", now=now)
    assert line(purging.purge(actor=SYSTEM, now=now)).erased == 1


def test_every_clock_of_a_person_knows_legal_holds(alice: User, now: datetime) -> None:
    services.place_legal_hold(actor=CONSOLE, user=alice, reference="(2026) 17", now=now)
    named = {clock.name for clock in clocks.declared() if clock.person}
    assert named >= {"pictures", "unconsented", "drafts", "identities", "cases", "addresses"}
    for clock in clocks.declared():
        assert clocks.waiting(clock, now).count() == 0  # the path to the person is a path


def test_a_hold_is_placed_and_lifted_at_the_console(alice: User) -> None:
    for _ in range(2):
        assert "hold placed" in _printed("legal_hold", alice.email, "(2026) 17")
    assert LegalHold.standing.count() == 1
    assert "hold lifted" in _printed("legal_hold", alice.email.upper(), "(2026) 17", "--lift")
    with pytest.raises(CommandError, match="No such order"):
        call_command("legal_hold", alice.email, "(2026) 17", "--lift")
    with pytest.raises(CommandError, match="No account"):
        call_command("legal_hold", "nobody@example.org", "(2026) 17")
    assert list(Entry.objects.values_list("event", flat=True)) == [Event.LEGAL_HOLD_PLACED, Event.LEGAL_HOLD_LIFTED]


def test_no_account_places_a_hold_that_may_not(eve: User, now: datetime, act: object) -> None:
    with pytest.raises(Forbidden):
        services.place_legal_hold(actor=act(eve), user=eve, reference="mine", now=now)  # type: ignore[operator]
