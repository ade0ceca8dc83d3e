"""Handing a registration to another operator: both confirm, each for themselves, and neither can do more."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction

from portal.access.actor import SYSTEM, Actor
from portal.accounts.models import Member, User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Invalid, NotFound, PortalError
from portal.outbox.models import Message
from registry.certificates import queries as certificates
from registry.issuing import keeping, queries, rules, services, transfers
from registry.issuing.models import Act, Party, Registration, Side, Transfer, Version
from registry.issuing.tokens import GIVER, RECEIVER, token_of
from registry.issuing.verdict import Status
from registry.personas import queries as personas
from registry.personas.models import Application, Persona
from tests.post import deliver
from tests.registry.issuing.handing import ask, give, holder, receive
from tests.registry.rows import operator_of, registration_of, verified
from verification.models import Identity

Actors = Callable[[User], Actor]
DAY = timedelta(days=1)


@pytest.fixture
def registration(alice: User, eve: User, now: datetime) -> Registration:
    """A registration of Alice's. Eve is verified, and could receive it."""
    verified(eve, now=now)
    return registration_of(alice, now=now)


@pytest.fixture
def transfer(registration: Registration, alice: User, act: Actors, now: datetime) -> Transfer:
    """Alice asks for it to pass to Eve."""
    return ask(registration, act(alice), now)


@pytest.mark.parametrize("order", ["giver first", "receiver first"])
def test_it_passes_on_when_both_have_confirmed(
    order: str, transfer: Transfer, registration: Registration, alice: User, eve: User, act: Actors, now: datetime
) -> None:
    before = holder(registration)
    sides: list[Callable[[], Transfer]] = [partial(give, transfer, act(alice), now), partial(receive, transfer, act(eve), now)]
    for confirm in sides if order == "giver first" else reversed(sides):
        assert holder(registration) == before
        confirm()
    registration.refresh_from_db()
    persona = Persona.objects.get(pk=registration.persona_id)
    assert registration.operator == persona.operator == operator_of(eve)
    assert (persona.created_by, persona.driver, registration.version) == (eve, None, 2)
    assert queries.status_of(registration, now) is Status.ACTIVE
    assert personas.visible_to(act(eve)).get() == persona
    assert not personas.visible_to(act(alice)).exists()
    assert Application.objects.get().persona == persona  # what happened stays with it
    assert Version.objects.filter(registration=registration).count() == 2
    trail = list(Entry.objects.filter(subject_id=registration.pk).order_by("id").values_list("event", flat=True))
    middle = [Event.TRANSFER_GIVEN, Event.TRANSFER_RECEIVED]
    assert trail == [Event.TRANSFER_ASKED, *(middle if order == "giver first" else reversed(middle)), Event.TRANSFER_COMPLETED]
    assert Message.objects.filter(topic="persona.transferred").count() == 1


def test_a_certificate_is_issued_anew(
    transfer: Transfer, registration: Registration, alice: User, eve: User, act: Actors, now: datetime
) -> None:
    registration.certificates.create(version=1, issuer="http://localhost:8000", kid="k", issued_at=now, expires_at=registration.expires_at)
    assert not certificates.lacking(now).exists()
    give(transfer, act(alice), now)
    receive(transfer, act(eve), now)
    assert certificates.lacking(now).get() == registration


def test_both_get_a_mail_with_a_link_of_their_own(transfer: Transfer) -> None:
    sent = {each.to[0]: each.body for each in deliver()}
    assert set(sent) == {"alice@example.org", "eve@example.org"}
    assert token_of(transfer.pk, GIVER) in sent["alice@example.org"]
    assert token_of(transfer.pk, RECEIVER) in sent["eve@example.org"]
    assert token_of(transfer.pk, RECEIVER) not in sent["alice@example.org"]
    assert token_of(transfer.pk, GIVER) not in sent["eve@example.org"]
    assert "alice" not in sent["eve@example.org"]


def test_no_token_is_stored_and_the_address_is_sealed(transfer: Transfer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM issuing_transfer t")
        [(row,)] = cursor.fetchall()
    for secret in (token_of(transfer.pk, GIVER), token_of(transfer.pk, RECEIVER), "eve@example.org"):
        assert secret not in row


def test_a_stranger_confirms_nothing(transfer: Transfer, registration: Registration, bob: User, act: Actors, now: datetime) -> None:
    verified(bob, now=now)
    for confirm, side in ((give, GIVER), (receive, RECEIVER), (give, RECEIVER), (receive, GIVER)):
        with pytest.raises(PortalError):
            confirm(transfer, act(bob), now, side=side)
    for guess in ("", "x", "0" * 43, transfer.giver_digest, str(transfer.pk)):
        with pytest.raises(transfers.TransferUnknown):
            services.confirm_giving(actor=act(bob), token=guess, now=now)
    assert holder(registration) == transfer.giver_id


def test_nobody_confirms_for_the_other_side(
    transfer: Transfer, registration: Registration, alice: User, eve: User, act: Actors, now: datetime
) -> None:
    with pytest.raises(transfers.TransferOfAnother):
        receive(transfer, act(alice), now)  # Alice has got hold of Eve's mail
    with pytest.raises(transfers.TransferOfAnother):
        give(transfer, act(eve), now)  # Eve has got hold of Alice's
    EmailAddress.objects.create(user=alice, email="Eve@example.org", verified=True)
    with pytest.raises(transfers.TransferOfAnother):
        receive(transfer, act(alice), now)  # with Eve's address on her own account, too
    for confirm, user, side in ((give, alice, RECEIVER), (receive, eve, GIVER)):
        with pytest.raises(transfers.TransferUnknown):
            confirm(transfer, act(user), now, side=side)
    assert holder(registration) == transfer.giver_id


def test_the_database_knows_no_transfer_of_one_person(transfer: Transfer, alice: User, eve: User) -> None:
    for bad in (
        {"received_by": alice},
        {"receiver": transfer.giver},
        {"state": "completed"},
        {"state": "completed", "received_at": transfer.asked_at, "receiver": operator_of(eve)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.filter(pk=transfer.pk).update(**bad)


def test_a_colleague_of_the_giver_cannot_receive(
    transfer: Transfer, registration: Registration, eve: User, act: Actors, now: datetime
) -> None:
    Member.objects.create(operator=transfer.giver, user=eve, role="agent", since=now)
    with pytest.raises(transfers.TransferOfAnother):
        receive(transfer, act(eve), now)


def test_whoever_asked_must_still_act_for_the_giver(transfer: Transfer, alice: User, act: Actors, now: datetime) -> None:
    Member.objects.filter(user=alice).delete()
    with pytest.raises(transfers.TransferOfAnother):
        give(transfer, act(alice), now)


def test_a_link_works_once(transfer: Transfer, registration: Registration, alice: User, eve: User, act: Actors, now: datetime) -> None:
    give(transfer, act(alice), now)
    with pytest.raises(Conflict):
        give(transfer, act(alice), now)
    receive(transfer, act(eve), now)
    for confirm, user in ((give, alice), (receive, eve)):
        with pytest.raises(transfers.TransferUnknown):
            confirm(transfer, act(user), now)
    assert Registration.objects.get(pk=registration.pk).version == 2


def test_a_links_time_is_seven_days_and_then_it_lapses(
    transfer: Transfer, registration: Registration, alice: User, act: Actors, now: datetime
) -> None:
    over = now + rules.TRANSFER_LIFE
    with pytest.raises(transfers.TransferOver):
        give(transfer, act(alice), over)
    services.lapse_transfer(actor=SYSTEM, transfer_id=transfer.pk, now=over - DAY)
    assert transfers.lapsing(over).get() == transfer
    for _again in range(2):
        services.lapse_transfer(actor=SYSTEM, transfer_id=transfer.pk, now=over)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.giver_digest, transfer.receiver_digest) == ("lapsed", "", "")
    assert ask(registration, act(alice), over).state == "pending"  # the way is free again


def test_one_transfer_at_a_time(transfer: Transfer, registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    with pytest.raises(Conflict):
        ask(registration, act(alice), now, email="dana@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        Transfer(registration=registration, giver=transfer.giver, asked_at=now, ends_at=now + DAY).save()


def test_the_receiver_must_be_verified_then_and_at_the_end(
    transfer: Transfer, registration: Registration, alice: User, eve: User, act: Actors, now: datetime
) -> None:
    until = Identity.objects.get(user=eve).valid_until
    Identity.objects.filter(user=eve).update(valid_until=now)
    with pytest.raises(Invalid):
        receive(transfer, act(eve), now)
    Identity.objects.filter(user=eve).update(valid_until=until)
    receive(transfer, act(eve), now)
    Identity.objects.filter(user=eve).update(revoked_at=now)
    with pytest.raises(Invalid):
        give(transfer, act(alice), now)
    assert holder(registration) == transfer.giver_id


def test_the_receiver_cannot_choose_anothers_operator(transfer: Transfer, eve: User, dana: User, act: Actors, now: datetime) -> None:
    for other in (transfer.giver_id, operator_of(dana).pk):
        with pytest.raises(NotFound):
            receive(transfer, act(eve), now, operator=str(other))


@pytest.mark.parametrize("obstacle", ["hold", "holder", "registry", "revoked", "retired", "expired", "review"])
@pytest.mark.parametrize("late", [False, True], ids=["asked for", "confirmed"])
def test_what_is_stopped_does_not_pass_on(
    obstacle: str, late: bool, registration: Registration, alice: User, eve: User, bob: User, act: Actors, now: datetime
) -> None:
    if late:
        transfer = ask(registration, act(alice), now)
        receive(transfer, act(eve), now)
    at = now + DAY
    where: dict[str, Any] = {"registration_id": registration.pk, "now": at}
    if obstacle == "hold":
        services.place_hold(actor=act(bob), party=Party.LEGAL, reason="court_order", note="", **where)
    elif obstacle in Side.values:
        who = act(alice if obstacle == "holder" else bob)
        services.prohibit(actor=who, side=Side(obstacle), act=Act.TRANSFER, reason="dispute", **where)
    elif obstacle == "revoked":
        services.revoke(actor=act(bob), reason="false_statements", **where)
    elif obstacle == "review":
        sent = {"facts": registration.facts, "submitted_by": alice, "submitted_at": at}
        Application.objects.create(persona=registration.persona, **sent)
    else:
        column = "retired_at" if obstacle == "retired" else "expires_at"
        Registration.objects.filter(pk=registration.pk).update(**{column: at})
    with pytest.raises(Conflict):
        _ = give(transfer, act(alice), at) if late else ask(registration, act(alice), at)
    assert holder(registration) == operator_of(alice).pk


def test_what_is_on_its_way_is_not_retired(transfer: Transfer, registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    assert queries.effective_of(registration, now) == ("pending transfer",)
    with pytest.raises(Conflict):
        services.retire(actor=act(alice), registration_id=registration.pk, now=now)


@pytest.mark.parametrize("who", ["giver", "giver's link", "receiver's link"])
def test_either_side_calls_it_off(
    who: str, transfer: Transfer, registration: Registration, alice: User, eve: User, act: Actors, now: datetime
) -> None:
    receive(transfer, act(eve), now)
    if who == "giver":
        services.cancel_transfer(actor=act(alice), registration_id=registration.pk, now=now)
    elif who == "giver's link":
        services.cancel_transfer(actor=act(alice), token=token_of(transfer.pk, GIVER), now=now)
    else:
        services.cancel_transfer(actor=act(eve), token=token_of(transfer.pk, RECEIVER), now=now)
    with pytest.raises(transfers.TransferUnknown):
        give(transfer, act(alice), now)
    told = deliver()
    assert {each.to[0] for each in told} == {"alice@example.org", "eve@example.org"}
    assert {each.subject for each in told} == {"A transfer has been called off"}


def test_a_stranger_calls_nothing_off(
    transfer: Transfer, registration: Registration, bob: User, eve: User, act: Actors, now: datetime
) -> None:
    for other in (bob, eve):
        with pytest.raises(NotFound):
            services.cancel_transfer(actor=act(other), registration_id=registration.pk, now=now)
    for side in (GIVER, RECEIVER):
        with pytest.raises(transfers.TransferOfAnother):
            services.cancel_transfer(actor=act(bob), token=token_of(transfer.pk, side), now=now)
    transfer.refresh_from_db()
    assert transfer.state == "pending"


def test_an_address_goes_thirty_days_after_the_end(
    transfer: Transfer, registration: Registration, alice: User, act: Actors, now: datetime
) -> None:
    services.cancel_transfer(actor=act(alice), registration_id=registration.pk, now=now)
    assert not keeping._addresses_due(now + 29 * DAY).exists()
    [due] = keeping._addresses_due(now + 30 * DAY)
    keeping._address_goes(due, now + 30 * DAY)
    after = Transfer.objects.get(pk=due.pk)
    assert (after.email, after.data_key.wrapped) == (None, None)


@pytest.mark.django_db
def test_an_officer_who_handed_it_over_has_no_say_in_it_afterwards(bob: User, eve: User, act: Actors, now: datetime) -> None:
    verified(eve, now=now)
    registration = registration_of(bob, now=now)
    row = ask(registration, act(bob), now)
    give(row, act(bob), now)
    receive(row, act(eve), now)
    assert holder(registration) == operator_of(eve).pk
    with pytest.raises(PortalError, check=lambda error: error.code == "own_persona"):
        services.revoke(actor=act(bob), registration_id=registration.pk, reason="issued_in_error", now=now)


def test_an_unregistered_answer_about_the_face_is_not_the_receivers(
    transfer: Transfer, registration: Registration, alice: User, eve: User, act: Actors, now: datetime
) -> None:
    Persona.objects.update(portrayed="self")  # Alice is about to show her own face; registered is a synthetic one
    give(transfer, act(alice), now)
    receive(transfer, act(eve), now)
    registration = Registration.objects.select_related("persona").get()
    assert (registration.facts["portrayed"], registration.persona.portrayed) == ("nobody", "other")
