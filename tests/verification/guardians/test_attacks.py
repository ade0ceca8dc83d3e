"""A minor who wants no guardian, and others who are none."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.kit.errors import Conflict, Forbidden, NotFound
from portal.vault.files import store
from portal.vault.models import Retention
from tests.registry import likenesses, rows
from tests.verification.guardians.conftest import Granted, confirm
from verification import services as verification
from verification.guardians import queries, services, tasks
from verification.guardians.models import Guardianship
from verification.guardians.services.opening import InvitationForAnother, InvitationOver, InvitationUnknown, OwnInvitation
from verification.models import Case, FaceTemplate, Identity
from verification.services import outcome

Opened = Callable[..., Guardianship]


def grant(guardian: User, row: Guardianship, now: datetime) -> Guardianship:
    """Grants as whoever opened it."""
    return services.grant(actor=actor_for(guardian), guardianship_id=row.pk, relation="parent", note="It is me.", proof=None, now=now)


def refused(guardian: User, row: Guardianship, now: datetime) -> str:
    """Returns the code with which the grant is refused."""
    with pytest.raises(Conflict) as refusal:
        grant(guardian, row, now)
    row.refresh_from_db()
    assert row.state == "opened"
    return refusal.value.code


def test_an_account_without_an_identity_is_no_guardian(carol: User, now: datetime, opened: Opened) -> None:
    assert refused(carol, opened(carol), now) == "guardian_unverified"


def test_an_identity_that_ended_is_no_guardian(carol: User, now: datetime, opened: Opened) -> None:
    rows.verified(carol, now=now - timedelta(days=700), valid_until=now)
    assert refused(carol, opened(carol), now) == "guardian_unverified"


def test_another_minor_is_no_guardian(carol: User, now: datetime, opened: Opened) -> None:
    rows.verified(carol, now=now, birth_date="2008-12-01", is_minor=True)
    assert refused(carol, opened(carol), now) == "guardian_under_age"


def test_a_second_account_with_the_same_number_is_no_guardian(nina: User, carol: User, now: datetime, opened: Opened) -> None:
    case = Case.objects.get(user=nina)
    rows.verified(carol, now=now, number_index=outcome.number_index(case))  # as if the document said an earlier year there
    assert refused(carol, opened(carol), now) == "guardian_same_person"


def test_a_second_account_with_the_same_face_is_confirmed_by_no_officer(
    nina: User, carol: User, bob: User, now: datetime, granted: Granted
) -> None:
    selfie = store(likenesses.picture("alice"), media_type="image/jpeg", kind=Retention.PICTURE)
    Case.objects.filter(user=nina).update(selfie_image=selfie)
    row = granted(carol, compared_at=None)
    for user in (nina, carol):
        verification.consent(actor=actor_for(user), purposes=["processing", "face"], now=now)
    face = FaceTemplate.objects.create(identity=Identity.objects.get(user=carol), vector=likenesses.template("alice"), created_at=now)
    tasks.compare(str(row.pk))
    row.refresh_from_db()
    assert row.distance is not None
    assert row.distance < 0.4
    with pytest.raises(Conflict) as refusal:
        confirm(bob, row, now)
    assert refusal.value.code == "guardian_same_person"
    assert not queries.guardian_consents(nina.pk, now)
    face.vector = likenesses.template("carol")
    face.save()
    Guardianship.objects.filter(pk=row.pk).update(compared_at=None)
    tasks.compare(str(row.pk))
    row.refresh_from_db()
    assert row.distance > 0.6
    assert confirm(bob, row, now).state == "confirmed"


def test_without_face_consent_no_faces_are_compared(nina: User, carol: User, now: datetime, granted: Granted) -> None:
    selfie = store(likenesses.picture("alice"), media_type="image/jpeg", kind=Retention.PICTURE)
    Case.objects.filter(user=nina).update(selfie_image=selfie)
    row = granted(carol, compared_at=None)
    FaceTemplate.objects.create(identity=Identity.objects.get(user=carol), vector=likenesses.template("alice"), created_at=now)
    tasks.compare(str(row.pk))
    row.refresh_from_db()
    assert row.distance is None


def test_what_kills_the_machine_three_times_is_decided_without_it(
    carol: User, now: datetime, granted: Granted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(row: Guardianship) -> float:
        raise MemoryError(row.pk)

    row = granted(carol, compared_at=None)
    monkeypatch.setattr("verification.guardians.services.comparing._apart", crash)
    for _ in range(3):
        with pytest.raises(MemoryError):
            tasks.compare(str(row.pk))
    tasks.compare(str(row.pk))
    row.refresh_from_db()
    assert (row.compared_at is not None, row.distance) == (True, None)


def test_a_link_works_once(nina: User, carol: User, now: datetime) -> None:
    _row, token = services.invite(actor=actor_for(nina), email=carol.email, now=now)
    services.open_invitation(token=token, actor=actor_for(carol), now=now)
    for again in (services.open_invitation, services.decline_invitation):
        who = {"actor": actor_for(carol)} if again is services.open_invitation else {}
        with pytest.raises(InvitationUnknown):
            again(token=token, now=now, **who)


def test_a_link_lives_for_seven_days_and_dies_with_a_newer_mail(nina: User, carol: User, now: datetime) -> None:
    _row, old = services.invite(actor=actor_for(nina), email=carol.email, now=now)
    _row, token = services.resend(actor=actor_for(nina), now=now + timedelta(hours=1))
    with pytest.raises(InvitationUnknown):
        services.open_invitation(token=old, actor=actor_for(carol), now=now)
    with pytest.raises(InvitationOver):
        services.open_invitation(token=token, actor=actor_for(carol), now=now + timedelta(days=7, hours=1))


def test_nothing_of_the_link_or_the_address_stands_in_the_database(nina: User, now: datetime) -> None:
    _row, token = services.invite(actor=actor_for(nina), email="mother@example.org", now=now)
    stored = repr(list(Guardianship.objects.values()))
    assert token not in stored
    assert "mother" not in stored


def test_a_link_is_for_the_address_it_was_sent_to(nina: User, carol: User, eve: User, frank: User, now: datetime) -> None:
    _row, token = services.invite(actor=actor_for(nina), email="Carol@Example.org", now=now)
    EmailAddress.objects.create(user=eve, email="carol@example.org", verified=False)
    with pytest.raises(InvitationForAnother):
        services.open_invitation(token=token, actor=actor_for(eve), now=now)
    with pytest.raises(OwnInvitation):
        services.open_invitation(token=token, actor=actor_for(nina), now=now)
    with pytest.raises(Forbidden):
        services.open_invitation(token=token, actor=actor_for(frank), now=now)
    assert services.open_invitation(token=token, actor=actor_for(carol), now=now).guardian == carol


def test_nobody_answers_for_another_guardian(nina: User, carol: User, eve: User, now: datetime, opened: Opened) -> None:
    row = opened(carol)
    rows.verified(eve, now=now)
    for user in (eve, nina):
        with pytest.raises(NotFound):
            grant(user, row, now)
        for verb in (services.decline, services.withdraw):
            with pytest.raises(NotFound):
                verb(actor=actor_for(user), guardianship_id=row.pk, now=now)


def test_a_consent_that_was_not_granted_cannot_be_confirmed(carol: User, bob: User, now: datetime, opened: Opened) -> None:
    row = opened(carol)
    rows.verified(carol, now=now)
    with pytest.raises(NotFound):
        confirm(bob, row, now)


def test_a_guardian_whose_identity_ended_meanwhile_is_not_confirmed(carol: User, bob: User, now: datetime, granted: Granted) -> None:
    row = granted(carol)
    Identity.objects.filter(user=carol).update(revoked_at=now)
    with pytest.raises(Conflict):
        confirm(bob, row, now)
