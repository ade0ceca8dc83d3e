"""What time does to licences."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.access.actor import SYSTEM
from portal.kit import jobs
from portal.kit.errors import Forbidden
from portal.letters.tasks import send
from portal.outbox.models import Message
from registry.consent import queries, services
from registry.consent.models import Licence
from registry.consent.services import ending
from registry.consent.states import LicenceState
from registry.consent.tasks import expire, lapse
from tests.registry.consent.conftest import Story

CHINA = ZoneInfo("Asia/Shanghai")


def test_an_unanswered_invitation_lapses_after_seven_days(story: Story) -> None:
    licence, _ = story.invited()
    assert not ending.lapsing(story.now + timedelta(days=7, seconds=-1)).exists()
    later = story.now + timedelta(days=7)
    services.lapse(actor=SYSTEM, licence_id=licence.pk, now=later)
    services.lapse(actor=SYSTEM, licence_id=licence.pk, now=later)
    licence.refresh_from_db()
    assert (licence.state, licence.token_digest) == (LicenceState.LAPSED, "")
    story.invited()


def test_an_opened_one_has_thirty_days(story: Story) -> None:
    story.opened()
    assert not ending.lapsing(story.now + timedelta(days=29)).exists()
    assert ending.lapsing(story.now + timedelta(days=30)).exists()


def test_a_licence_holds_through_its_last_day_in_local_time(story: Story) -> None:
    licence = story.granted()
    last_second = datetime(2027, 3, 1, 23, 59, 59, tzinfo=CHINA)
    assert not ending.expiring(last_second).exists()
    services.expire(actor=SYSTEM, licence_id=licence.pk, now=last_second + timedelta(seconds=1))
    licence.refresh_from_db()
    assert licence.state == LicenceState.EXPIRED
    assert Message.objects.last().topic == "consent.changed"  # type: ignore[union-attr]
    coverage = queries.coverage(story.persona.pk)
    assert coverage is not None
    assert coverage.state == "expired"


def test_a_licence_withdrawn_meanwhile_is_not_expired(story: Story) -> None:
    licence = story.granted()
    services.withdraw(actor=story.carol, licence=licence, now=story.now)
    services.expire(actor=SYSTEM, licence_id=licence.pk, now=story.now + timedelta(days=1000))
    licence.refresh_from_db()
    assert licence.state == LicenceState.WITHDRAWN


def test_only_the_machine_ends_by_time(story: Story) -> None:
    licence, _ = story.invited()
    for verb in (services.lapse, services.expire):
        with pytest.raises(Forbidden):
            verb(actor=story.alice, licence_id=licence.pk, now=story.now)


def test_the_sweep_finds_what_waits(story: Story) -> None:
    story.invited()
    assert expire is not None
    assert lapse is not None
    assert send is not None
    assert jobs.run_waiting(story.now + timedelta(days=8)) >= 2
    assert Licence.objects.get().state == LicenceState.LAPSED
