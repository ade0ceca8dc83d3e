"""Agents: invited by mail, accepting once, ended by either side or by time."""

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from portal.accounts import queries as accounts
from portal.accounts.doors import actor_for
from portal.accounts.models import Member, User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.kit import jobs
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from portal.outbox.models import Message
from tests.organisations import OTHER_CODE
from tests.post import deliver
from tests.registry.rows import verified
from tests.verification.organisations.conftest import Accept, File
from verification.models import Identity
from verification.organisations import queries, rules, services
from verification.organisations.models import Mandate, Organisation
from verification.organisations.services import ending
from verification.organisations.services.inviting import MandateForAnother, MandateOver, MandateUnknown
from verification.organisations.services.owning import Unverified
from verification.organisations.tasks import end_mandate
from verification.organisations.tokens import token_of

ASKED = {"email": "carol@example.org", "role": "agent", "until": None}


def _acts(user: User, star: Organisation) -> bool:
    return star.operator in accounts.operators_of(actor_for(user))


def _until(star: Organisation) -> datetime | None:
    assert star.operator_id is not None
    return queries.answers_until(star.operator_id)


@pytest.fixture
def invited(star: Organisation, alice: User, now: datetime) -> Mandate:
    """Carol is asked; she has not answered."""
    return services.invite(actor=actor_for(alice), organisation=star, now=now, **ASKED)  # type: ignore[arg-type]


def test_an_invited_person_accepts_and_acts(invited: Mandate, carol: User, star: Organisation, now: datetime) -> None:
    verified(carol, now=now)
    mail = deliver()[-1]
    assert mail.to == ["carol@example.org"]
    assert f"/organisations/mandate/{token_of(invited.pk)}/" in str(mail.body)
    assert not _acts(carol, star)
    services.accept(token=token_of(invited.pk), actor=actor_for(carol), now=now)
    assert _acts(carol, star)
    assert Entry.objects.filter(event=Event.MANDATE_ACCEPTED, actor_id=carol.pk).exists()


def test_the_token_works_once_and_is_stored_nowhere(invited: Mandate, carol: User, now: datetime) -> None:
    verified(carol, now=now)
    token = token_of(invited.pk)
    assert token not in str(Mandate.objects.values().get(pk=invited.pk))
    services.accept(token=token, actor=actor_for(carol), now=now)
    for again in (token, token + "x", ""):
        with pytest.raises(MandateUnknown):
            services.accept(token=again, actor=actor_for(carol), now=now)


def test_the_link_works_for_seven_days(invited: Mandate, carol: User, now: datetime) -> None:
    verified(carol, now=now)
    with pytest.raises(MandateOver):
        services.accept(token=token_of(invited.pk), actor=actor_for(carol), now=now + rules.INVITATION_LIFE)
    ending.end_by_time(mandate_id=invited.pk, now=now + rules.INVITATION_LIFE)
    assert Mandate.objects.get(pk=invited.pk).state == "lapsed"


def test_another_address_accepts_nothing(invited: Mandate, eve: User, now: datetime) -> None:
    verified(eve, now=now)
    for address, confirmed in (("carol@example.org", False), ("ca\u0280ol@example.org", True)):
        EmailAddress.objects.create(user=eve, email=address, verified=confirmed)
        with pytest.raises(MandateForAnother):
            services.accept(token=token_of(invited.pk), actor=actor_for(eve), now=now)
    assert not Member.objects.filter(user=eve).exists()


@pytest.mark.parametrize("fields", [None, {"is_minor": True}, {"revoked_at": timezone.now()}])
def test_only_a_verified_adult_accepts(invited: Mandate, carol: User, now: datetime, fields: dict[str, object] | None) -> None:
    if fields is not None:
        verified(carol, now=now, **fields)
    with pytest.raises(Unverified):
        services.accept(token=token_of(invited.pk), actor=actor_for(carol), now=now)
    assert Mandate.objects.get(pk=invited.pk).state == "invited"


def test_a_link_of_a_revoked_organisation_is_dead(invited: Mandate, carol: User, bob: User, star: Organisation, now: datetime) -> None:
    verified(carol, now=now)
    services.revoke(actor=actor_for(bob), organisation_id=star.pk, reason="not_an_agent", now=now)
    with pytest.raises(MandateUnknown):
        services.accept(token=token_of(invited.pk), actor=actor_for(carol), now=now)


def test_only_an_owner_invites_and_withdraws(agent: Accept, star: Organisation, alice: User, carol: User, eve: User, now: datetime) -> None:
    mandate = agent(carol)
    with pytest.raises(Forbidden):
        services.invite(actor=actor_for(carol), organisation=star, now=now, **(ASKED | {"email": "eve@example.org"}))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        services.invite(actor=actor_for(eve), organisation=star, now=now, **(ASKED | {"email": "x@example.org"}))  # type: ignore[arg-type]
    alices = star.mandates.get(user=alice)
    for user, target in ((carol, alices), (eve, mandate), (eve, alices)):
        with pytest.raises(NotFound):
            services.end_mandate(actor=actor_for(user), organisation=star, mandate_id=target.pk, now=now)
    assert _acts(alice, star)


def test_a_withdrawn_agent_acts_no_longer_and_is_told(agent: Accept, star: Organisation, alice: User, carol: User, now: datetime) -> None:
    mandate = agent(carol)
    deliver()
    services.end_mandate(actor=actor_for(alice), organisation=star, mandate_id=mandate.pk, now=now)
    assert not _acts(carol, star)
    assert carol.pk not in accounts.member_ids(star.operator_id)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        queries.organisation_for(actor_for(carol), star.pk)
    mail = deliver()[-1]
    assert mail.to == ["carol@example.org"]
    assert "alice" not in str(mail.body)
    with pytest.raises(Conflict):
        services.end_mandate(actor=actor_for(alice), organisation=star, mandate_id=mandate.pk, now=now)


def test_an_agent_lays_their_own_mandate_down(agent: Accept, star: Organisation, carol: User, now: datetime) -> None:
    mandate = agent(carol)
    deliver()
    assert services.end_mandate(actor=actor_for(carol), organisation=star, mandate_id=mandate.pk, now=now).state == "laid_down"
    assert not _acts(carol, star)
    assert [mail.to for mail in deliver()[-1:]] == [["alice@example.org"]]


def test_an_invitation_taken_back_opens_nothing(invited: Mandate, star: Organisation, alice: User, carol: User, now: datetime) -> None:
    verified(carol, now=now)
    services.end_mandate(actor=actor_for(alice), organisation=star, mandate_id=invited.pk, now=now)
    with pytest.raises(MandateUnknown):
        services.accept(token=token_of(invited.pk), actor=actor_for(carol), now=now)
    assert deliver()[-1].to != ["carol@example.org"]  # a letter that is out of date goes nowhere


def test_a_mandate_ends_with_its_term_before_anything_is_written(agent: Accept, star: Organisation, carol: User, now: datetime) -> None:
    mandate = agent(carol, until=rules.today(now) + timedelta(days=3))
    assert mandate.until is not None
    Mandate.objects.filter(pk=mandate.pk).update(until=now - timedelta(seconds=1))
    Member.objects.filter(user=carol).update(until=now - timedelta(seconds=1))
    assert not _acts(carol, star)
    assert "organisations.mandate" in jobs._jobs
    end_mandate(str(mandate.pk))
    assert Mandate.objects.get(pk=mandate.pk).state == "ended"
    assert not Member.objects.filter(user=carol).exists()


def test_the_organisation_is_answered_for_while_one_agent_is(
    agent: Accept, star: Organisation, alice: User, carol: User, now: datetime
) -> None:
    term = rules.today(now) + timedelta(days=30)
    mandate = agent(carol, until=term)
    assert _until(star) == star.valid_until
    Identity.objects.filter(user=alice).update(revoked_at=now)
    assert _until(star) == mandate.until
    Identity.objects.filter(user=carol).update(valid_until=now + timedelta(days=2))
    assert _until(star) == now + timedelta(days=2)
    services.end_mandate(actor=actor_for(carol), organisation=star, mandate_id=mandate.pk, now=now)
    assert _until(star) is None


def test_each_end_is_published(agent: Accept, star: Organisation, alice: User, carol: User, now: datetime) -> None:
    mandate = agent(carol)
    before = Message.objects.filter(topic="operator.changed").count()
    services.end_mandate(actor=actor_for(alice), organisation=star, mandate_id=mandate.pk, now=now)
    told = Message.objects.filter(topic="operator.changed").order_by("id")
    assert told.count() == before + 1
    assert told.last().payload == {"operator": str(star.operator_id)}  # type: ignore[union-attr]


def test_what_cannot_be_asked_is_told_beside_its_field(agent: Accept, star: Organisation, alice: User, carol: User, now: datetime) -> None:
    agent(carol)
    today = rules.today(now)
    for wrong in (
        {"email": "nobody"},
        {"email": "Carol@example.org"},
        {"role": "king"},
        {"until": today - timedelta(days=3)},
        {"until": today + timedelta(days=2000)},
    ):
        asked = {"email": "new@example.org", "role": "agent", "until": None, **wrong}
        with pytest.raises(Invalid) as refused:
            services.invite(actor=actor_for(alice), organisation=star, now=now, **asked)  # type: ignore[arg-type]
        assert set(refused.value.errors) == set(wrong)


def test_strangers_are_not_flooded(star: Organisation, alice: User, now: datetime) -> None:
    for number in range(rules.DAILY_MAILS):
        asked = ASKED | {"email": f"p{number}@example.org"}
        services.invite(actor=actor_for(alice), organisation=star, now=now, **asked)  # type: ignore[arg-type]
    with pytest.raises(TooMany):
        services.invite(actor=actor_for(alice), organisation=star, now=now, **(ASKED | {"email": "more@example.org"}))  # type: ignore[arg-type]


def test_an_unverified_organisation_invites_nobody(alice: User, submitted: File, now: datetime) -> None:
    with pytest.raises(Conflict):
        services.invite(actor=actor_for(alice), organisation=submitted(alice), now=now, **ASKED)  # type: ignore[arg-type]


def test_an_owner_of_one_organisation_is_a_stranger_to_another(
    star: Organisation, alice: User, eve: User, submitted: File, decided: File, now: datetime
) -> None:
    moon = decided(submitted(eve, uscc=OTHER_CODE), "verified")
    with pytest.raises(NotFound):
        services.invite(actor=actor_for(alice), organisation=moon, now=now, **ASKED)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        services.end_mandate(actor=actor_for(alice), organisation=moon, mandate_id=moon.mandates.get().pk, now=now)
    with pytest.raises(NotFound):  # the mandate of another organisation, asked for under one's own
        services.end_mandate(actor=actor_for(alice), organisation=star, mandate_id=moon.mandates.get().pk, now=now)


def test_a_former_owner_who_filed_is_a_stranger_afterwards(
    agent: Accept, star: Organisation, alice: User, carol: User, now: datetime
) -> None:
    agent(carol, role="owner")
    services.end_mandate(actor=actor_for(carol), organisation=star, mandate_id=star.mandates.get(user=alice).pk, now=now)
    for act in (
        lambda: queries.organisation_for(actor_for(alice), star.pk),
        lambda: services.again(actor=actor_for(alice), organisation=star, now=now),
        lambda: services.view_picture(actor=actor_for(alice), file_id=star.licence_image_id, now=now),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotFound):
            act()
    assert services.again(actor=actor_for(carol), organisation=star, now=now + timedelta(days=310)).filed_by == carol


def test_what_has_run_out_says_so(star: Organisation, now: datetime) -> None:
    deliver()
    assert star.valid_until is not None
    for _ in range(2):
        ending.expire(organisation_id=star.pk, now=star.valid_until)
    assert Organisation.objects.get().state == "expired"
    assert deliver()[-1].subject == "The verification of your organisation has run out"
    assert Entry.objects.filter(event=Event.ORGANISATION_EXPIRED).count() == 1
