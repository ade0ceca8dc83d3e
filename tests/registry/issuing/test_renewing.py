"""Another term, and the mails that ask for it in time."""

from datetime import datetime
from typing import Any

import pytest

from portal.access.actor import SYSTEM
from portal.accounts.models import User
from portal.audit.events import Event
from portal.letters.models import Letter
from portal.outbox.models import Message
from registry.issuing import queries, rules, services
from registry.issuing.models import Act, Party, Registration
from registry.issuing.verdict import Status
from tests.post import deliver
from tests.registry.issuing.upkeep import DAY, MOMENT, Actors, forbid, happened
from tests.registry.rows import licence_of, registration_of, verified
from verification.models import Identity


def test_a_renewal_goes_on_from_the_old_end_without_an_officer(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    end = registration.expires_at
    renewed = services.renew(actor=act(alice), registration_id=registration.pk, now=end - 60 * DAY)
    assert renewed.expires_at == end + rules.TERM
    assert happened(registration) == [Event.REGISTRATION_RENEWED]
    assert Message.objects.get().topic == "persona.renewed"
    assert [each.subject for each in deliver()] == ["Your registration has been renewed"]
    with pytest.raises(services.RenewalRefused):
        services.renew(actor=act(alice), registration_id=registration.pk, now=end - 60 * DAY)


def test_what_has_expired_is_refused_until_it_is_renewed(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    late = registration.expires_at + 30 * DAY - MOMENT
    assert queries.status_of(registration, late) is Status.EXPIRED
    renewed = services.renew(actor=act(alice), registration_id=registration.pk, now=late)
    assert (renewed.expires_at, queries.status_of(renewed, late)) == (now + 2 * rules.TERM, Status.ACTIVE)


@pytest.mark.parametrize("obstacle", ["hold", "identity", "prohibition", "early", "late", "revoked"])
def test_a_renewal_with_an_open_link_is_refused(
    obstacle: str, registration: Registration, alice: User, bob: User, act: Actors, now: datetime
) -> None:
    at = registration.expires_at - DAY
    if obstacle == "hold":
        hold: dict[str, Any] = {"registration_id": registration.pk, "party": Party.OPERATOR, "reason": "pause"}
        services.place_hold(actor=act(alice), note="", now=now, **hold)
    elif obstacle == "identity":
        Identity.objects.update(revoked_at=now)
    elif obstacle == "prohibition":
        forbid(registration, act(bob), Act.TRANSFER, now)
    elif obstacle == "revoked":
        services.revoke(actor=act(bob), registration_id=registration.pk, reason="false_statements", now=now)
    at = {"early": now, "late": registration.expires_at + 30 * DAY}.get(obstacle, at)
    with pytest.raises(services.RenewalRefused) as refused:
        services.renew(actor=act(alice), registration_id=registration.pk, now=at)
    assert len(refused.value.reasons) == 1
    assert refused.value.detail
    registration.refresh_from_db()
    assert registration.expires_at == now + rules.TERM


def test_a_renewal_needs_a_standing_licence(alice: User, carol: User, act: Actors, now: datetime) -> None:
    verified(alice, now=now, valid_until=now + 900 * DAY)
    verified(carol, now=now)
    registration = registration_of(alice, now=now, portrayed="other")
    licence = licence_of(registration.persona, carol, now=now, ends_on=(now + 300 * DAY).date())
    at = registration.expires_at - DAY
    with pytest.raises(services.RenewalRefused) as refused:
        services.renew(actor=act(alice), registration_id=registration.pk, now=at)
    assert refused.value.reasons == ("consent_expired",)
    type(licence).objects.update(ends_on=None)
    assert services.renew(actor=act(alice), registration_id=registration.pk, now=at).expires_at == now + 2 * rules.TERM


def test_the_operator_is_reminded_three_times_and_never_twice(registration: Registration, now: datetime) -> None:
    for days in (61, 60, 59, 20, 14, 14, 3, 2, 1, 0, -1):
        at = registration.expires_at - days * DAY
        for key in [*queries.ending(at).values_list("pk", flat=True)] * 2:
            services.remind(actor=SYSTEM, registration_id=key, now=at)
    assert Letter.objects.filter(kind="registration.ending").count() == 3
    body = deliver()[0].body
    assert "ends on" in body
    assert f"/home/personas/{registration.persona_id}/" in body


def test_reminders_begin_anew_with_the_new_term_and_a_late_mail_is_dropped(
    registration: Registration, alice: User, act: Actors, now: datetime
) -> None:
    end = registration.expires_at
    assert services.remind(actor=SYSTEM, registration_id=registration.pk, now=end - DAY)
    services.renew(actor=act(alice), registration_id=registration.pk, now=end - DAY)
    assert [each.subject for each in deliver()] == ["Your registration has been renewed"]
    assert not services.remind(actor=SYSTEM, registration_id=registration.pk, now=end - DAY)
    assert services.remind(actor=SYSTEM, registration_id=registration.pk, now=end + rules.TERM - 60 * DAY)
