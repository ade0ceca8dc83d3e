"""Attacks on the portrayed person's consent."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit.errors import Forbidden, NotFound, TooMany
from registry.consent import queries, rules, services
from registry.consent.models import Licence
from registry.consent.rules import Terms
from registry.consent.services.opening import InvitationForAnother
from registry.issuing import queries as issuing
from registry.issuing.models import Registration
from registry.issuing.verdict import Status
from registry.personas.models import Portrait
from tests.registry import likenesses
from tests.registry.desk.desk import signed_in
from tests.registry.rows import licence_of, persona_of

Act = Callable[[User], Actor]
TERMS = Terms(media=("live",), purposes=("commerce",), platforms=("demo-live",), territories=("CN",))


def test_nobody_else_can_revive_a_face_that_was_withdrawn(
    registration: Registration, licence: Licence, carol: User, eve: User, act: Act, now: datetime
) -> None:
    assert issuing.status_of(registration, now) is Status.ACTIVE
    services.withdraw(actor=act(carol), licence=licence, now=now)
    licence_of(registration.persona, eve, now=now)  # an accomplice, whose picture was added beside Carol's
    assert issuing.status_of(registration, now) is Status.SUSPENDED


def test_a_later_licence_of_the_same_person_counts_again(
    registration: Registration, licence: Licence, carol: User, act: Act, now: datetime
) -> None:
    services.withdraw(actor=act(carol), licence=licence, now=now)
    licence_of(registration.persona, carol, now=now)
    assert issuing.status_of(registration, now) is Status.ACTIVE


def test_a_registration_of_another_person_without_a_version_allows_nothing(
    registration: Registration, licence: Licence, now: datetime
) -> None:
    registration.versions.all().delete()
    assert issuing.status_of(registration, now) is Status.SUSPENDED


@pytest.mark.parametrize("verb", [services.withdraw, services.identify])
def test_a_stranger_answers_for_nobody(
    verb: Callable[..., object], licence: Licence, alice: User, eve: User, act: Act, now: datetime
) -> None:
    for stranger in (alice, eve):
        with pytest.raises(NotFound):
            verb(actor=act(stranger), licence=licence, now=now)


def test_pictures_added_after_the_licence_ended_are_hidden(licence: Licence, carol: User, act: Act, now: datetime) -> None:
    services.withdraw(actor=act(carol), licence=licence, now=now)
    earlier = Portrait.objects.filter(persona=licence.persona).first()
    later = likenesses.portrait_of(licence.persona, shows=None, position=3)
    Portrait.objects.filter(pk=later.pk).update(added_at=now + timedelta(days=1))
    assert earlier is not None
    browser = signed_in(carol)
    assert browser.get(reverse("consent:picture", args=[licence.pk, earlier.pk])).status_code == 200
    assert browser.get(reverse("consent:picture", args=[licence.pk, later.pk])).status_code == 404
    assert str(later.pk) not in browser.get(reverse("consent:licence", args=[licence.pk])).content.decode()


def test_invitations_taken_back_and_written_anew_end_at_twenty_a_day(
    registration: Registration, alice: User, act: Act, now: datetime
) -> None:
    asked = {"actor": act(alice), "persona": registration.persona, "email": "victim@example.org", "terms": TERMS}
    for _each in range(rules.DAILY_MAILS):
        licence, _token = services.invite(now=now, **asked)  # type: ignore[arg-type]
        services.take_back(actor=act(alice), licence=licence, now=now)
    with pytest.raises(TooMany):
        services.invite(now=now, **asked)  # type: ignore[arg-type]
    page = signed_in(alice).post(
        reverse("consent:invite", args=[registration.persona_id]),
        {"email": "victim@example.org", "media": "live", "purposes": "commerce", "platforms": "demo-live", "territories": "CN"},
    )
    assert page.status_code == 422
    services.invite(now=now + timedelta(days=1, seconds=1), **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["carol@example.org", "CAROL@example.org"])
def test_an_address_counts_only_once_it_is_confirmed(
    address: str, registration: Registration, alice: User, carol: User, act: Act, now: datetime
) -> None:
    _licence, token = services.invite(actor=act(alice), persona=registration.persona, email=address, terms=TERMS, now=now)
    EmailAddress.objects.filter(user=carol).update(verified=False)
    with pytest.raises(InvitationForAnother):
        services.open_invitation(token=token, actor=act(carol), now=now)
    EmailAddress.objects.filter(user=carol).update(verified=True)
    services.open_invitation(token=token, actor=act(carol), now=now)


def test_a_look_alike_address_opens_nothing(registration: Registration, alice: User, eve: User, act: Act, now: datetime) -> None:
    _licence, token = services.invite(actor=act(alice), persona=registration.persona, email="mike@example.org", terms=TERMS, now=now)
    EmailAddress.objects.create(user=eve, email="mıke@example.org", verified=True)
    with pytest.raises(InvitationForAnother):
        services.open_invitation(token=token, actor=act(eve), now=now)


def test_a_link_is_used_once_and_its_token_is_stored_nowhere(
    registration: Registration, alice: User, carol: User, act: Act, now: datetime
) -> None:
    licence, token = services.invite(actor=act(alice), persona=registration.persona, email=carol.email, terms=TERMS, now=now)
    assert token not in str(Licence.objects.filter(pk=licence.pk).values().get())
    services.open_invitation(token=token, actor=act(carol), now=now)
    with pytest.raises(NotFound):
        services.open_invitation(token=token, actor=act(carol), now=now)
    with pytest.raises(NotFound):
        services.decline_invitation(token=token, reason="unsaid", now=now)


def test_an_operator_cannot_answer_their_own_invitation(alice: User, act: Act, now: datetime) -> None:
    likenesses.platform()
    persona = persona_of(alice, portrayed="other")
    for place in range(2):
        likenesses.portrait_of(persona, shows=None, position=place)
    _licence, token = services.invite(actor=act(alice), persona=persona, email="second@example.org", terms=TERMS, now=now)
    EmailAddress.objects.create(user=alice, email="second@example.org", verified=True)
    with pytest.raises(Forbidden):
        services.open_invitation(token=token, actor=act(alice), now=now)
    assert queries.pending(persona) is not None
