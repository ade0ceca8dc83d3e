"""From the invitation to the confirmed consent, and its ends."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from portal.outbox.models import Message
from portal.vault.models import SealedFile
from tests.registry import rows
from tests.registry.likenesses import PIXEL
from tests.verification.guardians.conftest import NOTE, Granted, confirm
from verification import declared
from verification import services as verification
from verification.engines.pictures import BadPicture
from verification.guardians import queries, services, tasks
from verification.guardians.models import Guardianship
from verification.models import Case, Identity


def messages(user: User) -> int:
    """Returns how often the gate was told to look at the account again."""
    return Message.objects.filter(topic="person.changed", payload={"user": str(user.pk)}).count()


def test_a_guardian_consents_once_an_officer_has_confirmed(nina: User, carol: User, bob: User, now: datetime, granted: Granted) -> None:
    row = granted(carol)
    assert (row.state, row.relation, row.note) == ("granted", "parent", NOTE)
    assert not queries.guardian_consents(nina.pk, now)
    assert list(queries.waiting(actor_for(bob))) == [row]
    assert confirm(bob, row, now).state == "confirmed"
    assert queries.guardian_consents(nina.pk, now)
    assert declared.holds(declared.GUARDIAN, nina.pk, now)
    assert messages(nina) == 1
    events = list(Entry.objects.filter(subject_id=row.pk).values_list("event", flat=True).order_by("id"))
    assert events == ["guardian.invited", "guardian.opened", "guardian.granted", "guardian.confirmed"]


def test_no_officer_verifies_a_minor_without_a_guardian(nina: User, carol: User, bob: User, now: datetime, granted: Granted) -> None:
    case = Case.objects.get(user=nina)
    decision: dict[str, Any] = {"verdict": "verified", "reasons": [], "note": "", "now": now}
    verification.claim(actor=actor_for(bob), case_id=case.pk, now=now)
    row = granted(carol)  # granted alone is not enough
    with pytest.raises(verification.GuardianMissing) as refusal:
        verification.decide(actor=actor_for(bob), case_id=case.pk, **decision)
    assert refusal.value.code == "guardian_missing"
    case.refresh_from_db()
    assert (case.state, Identity.objects.filter(user=nina).exists()) == ("review", False)
    confirm(bob, row, now)
    assert verification.decide(actor=actor_for(bob), case_id=case.pk, **decision).state == "verified"
    assert Identity.objects.get(user=nina).is_minor


def test_a_condition_that_no_room_declares_is_not_met(now: datetime, nina: User) -> None:
    with pytest.raises(LookupError):
        declared.holds("nobody declared this", nina.pk, now)


def test_withdrawing_counts_at_once_and_tells_the_gate(nina: User, carol: User, bob: User, now: datetime, granted: Granted) -> None:
    row = confirm(bob, granted(carol), now)
    services.withdraw(actor=actor_for(carol), guardianship_id=row.pk, now=now)
    assert not queries.guardian_consents(nina.pk, now)
    assert messages(nina) == 2
    with pytest.raises(Conflict):
        services.withdraw(actor=actor_for(carol), guardianship_id=row.pk, now=now)
    with pytest.raises(Conflict):
        confirm(bob, row, now)


def test_the_consent_lives_no_longer_than_the_guardians_identity(
    nina: User, carol: User, bob: User, now: datetime, granted: Granted
) -> None:
    confirm(bob, granted(carol), now)
    ends = Identity.objects.get(user=carol).valid_until
    assert queries.guardian_until(nina.pk) == ends
    assert not queries.guardian_consents(nina.pk, ends)
    assert queries.wards_of([str(carol.pk), str(bob.pk)]) == [str(nina.pk)]
    Identity.objects.filter(user=carol).update(revoked_at=now)
    assert not queries.guardian_consents(nina.pk, now)


def test_whoever_comes_of_age_needs_no_guardian(nina: User, now: datetime) -> None:
    assert queries.needs_guardian(nina.pk, now)
    birthday = datetime.combine(date(2027, 6, 1), now.timetz())
    assert queries.needs_guardian(nina.pk, birthday - timedelta(days=1))
    assert not queries.needs_guardian(nina.pk, birthday)


def test_only_a_minor_who_has_sent_a_case_asks(alice: User, eve: User, now: datetime) -> None:
    rows.verified(alice, now=now)
    for user in (alice, eve):
        with pytest.raises(Conflict):
            services.invite(actor=actor_for(user), email="carol@example.org", now=now)


@pytest.mark.parametrize("address", ["nina@example.org", "NINA@example.org", "nobody", ""])
def test_an_address_that_cannot_be_the_guardians_is_not_asked(nina: User, now: datetime, address: str) -> None:
    with pytest.raises(Invalid):
        services.invite(actor=actor_for(nina), email=address, now=now)
    assert not Guardianship.objects.exists()


def test_one_guardian_is_asked_at_a_time_and_few_mails_are_sent(nina: User, now: datetime) -> None:
    actor = actor_for(nina)
    row, _token = services.invite(actor=actor, email="carol@example.org", now=now)
    with pytest.raises(Conflict):
        services.invite(actor=actor, email="eve@example.org", now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Guardianship.objects.create(minor=nina, email="x", invited_at=now, invitation_ends=now)
    with pytest.raises(TooMany):
        services.resend(actor=actor, now=now + timedelta(minutes=1))
    for minutes in (3, 6, 9):
        services.resend(actor=actor, now=now + timedelta(minutes=minutes))
    services.take_back(actor=actor, now=now + timedelta(minutes=10))
    services.invite(actor=actor, email="eve@example.org", now=now + timedelta(minutes=10))
    with pytest.raises(TooMany):
        services.resend(actor=actor, now=now + timedelta(minutes=20))
    row.refresh_from_db()
    assert (row.state, row.token_digest) == ("taken_back", "")


def test_unanswered_invitations_lapse_and_another_can_be_asked(nina: User, now: datetime) -> None:
    row, _token = services.invite(actor=actor_for(nina), email="carol@example.org", now=now)
    assert list(tasks._lapsing(now)) == []
    later = now + timedelta(days=7)
    assert list(tasks._lapsing(later)) == [row.pk]
    tasks.lapse(str(row.pk))  # by the real clock it is long over
    row.refresh_from_db()
    assert row.state == "lapsed"
    services.invite(actor=actor_for(nina), email="carol@example.org", now=later)


def test_an_officer_refuses_with_a_reason_and_the_minor_asks_again(
    nina: User, carol: User, bob: User, now: datetime, granted: Granted
) -> None:
    row, actor = granted(carol), actor_for(bob)
    with pytest.raises(Invalid):
        services.refuse(actor=actor, guardianship_id=row.pk, reason="whim", now=now)
    assert services.refuse(actor=actor, guardianship_id=row.pk, reason="proof_missing", now=now).state == "refused"
    assert messages(nina) == 0
    assert services.invite(actor=actor_for(nina), email=carol.email, now=now)[0].state == "invited"


def test_what_was_confirmed_by_mistake_ends_at_once(
    nina: User, carol: User, bob: User, dana: User, now: datetime, granted: Granted
) -> None:
    row = confirm(bob, granted(carol), now)
    services.refuse(actor=actor_for(dana), guardianship_id=row.pk, reason="not_the_guardian", now=now)
    assert not queries.guardian_consents(nina.pk, now)
    assert messages(nina) == 2


def test_a_proof_is_kept_sealed_and_looking_at_it_is_logged(
    nina: User, carol: User, bob: User, eve: User, now: datetime, opened: Granted
) -> None:
    row, mine = opened(carol), actor_for(carol)
    rows.verified(carol, now=now)
    grant: dict[str, Any] = {"actor": mine, "guardianship_id": row.pk, "relation": "parent", "note": "", "now": now}
    kept = SealedFile.objects.count()
    with pytest.raises(Invalid):
        services.grant(proof=None, **grant)
    with pytest.raises(BadPicture):
        services.grant(proof=b"<svg/>", **grant)
    assert SealedFile.objects.count() == kept
    services.grant(proof=PIXEL, **grant)
    assert SealedFile.objects.count() == kept + 1
    assert services.view_proof(actor=mine, guardianship_id=row.pk, now=now).kind == "picture"
    looks = Entry.objects.filter(event="evidence.viewed")
    assert not looks.exists()
    services.view_proof(actor=actor_for(bob), guardianship_id=row.pk, now=now)
    assert looks.count() == 1
    for stranger in (eve, nina):
        with pytest.raises(NotFound):
            services.view_proof(actor=actor_for(stranger), guardianship_id=row.pk, now=now)


def test_two_grants_at_once_keep_one_picture(carol: User, now: datetime, opened: Granted, monkeypatch: pytest.MonkeyPatch) -> None:
    row = opened(carol)
    rows.verified(carol, now=now)
    grant: dict[str, Any] = {
        "actor": actor_for(carol),
        "guardianship_id": row.pk,
        "relation": "parent",
        "note": "",
        "proof": PIXEL,
        "now": now,
    }
    services.grant(**grant)
    monkeypatch.setattr(queries, "for_guardian", lambda actor, key: row)  # read before the first one was through
    with pytest.raises(Conflict):
        services.grant(**grant)
    standing = [file for file in SealedFile.objects.select_related("data_key") if file.data_key.wrapped and file.media_type == "image/jpeg"]
    assert Guardianship.objects.get().proof in standing
    assert len(standing) == 2  # with the document of the case


def test_the_faces_are_compared_before_an_officer_confirms(nina: User, carol: User, bob: User, now: datetime, granted: Granted) -> None:
    row = granted(carol, compared_at=None)
    assert list(tasks._comparing(now)) == [row.pk]
    with pytest.raises(Conflict) as refusal:
        confirm(bob, row, now)
    assert refusal.value.code == "not_compared"
    tasks.compare(str(row.pk))
    row.refresh_from_db()
    assert (row.compared_at is not None, row.distance) == (True, None)  # neither consents to comparison
    assert list(tasks._comparing(now)) == []
    assert confirm(bob, row, now).state == "confirmed"


def test_only_officers_without_a_part_in_it_decide(
    nina: User, carol: User, bob: User, eve: User, frank: User, now: datetime, granted: Granted
) -> None:
    row = granted(bob)  # the officer is the guardian
    assert list(queries.waiting(actor_for(bob))) == []
    for user in (bob, eve, frank, carol, nina):
        with pytest.raises(Forbidden):
            confirm(user, row, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Guardianship.objects.filter(pk=row.pk).update(decided_by=bob)
