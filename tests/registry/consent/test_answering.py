"""The portrayed person identifies, narrows, grants, declines, withdraws."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from portal.access.actor import Actor
from portal.access.roles import Role
from portal.accounts.models import RoleGrant, User
from portal.audit.events import Event
from portal.audit.queries import trail_of
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, PortalError
from portal.kit.outcome import Allowed, Refused
from portal.letters.models import Letter
from portal.outbox.models import Message
from registry.consent import queries, rules, services
from registry.consent.models import Licence
from registry.consent.rules import Terms
from registry.consent.states import LicenceState
from registry.personas.models import Portrait
from tests.registry import likenesses
from tests.registry.consent.conftest import PROPOSED, Story
from verification.models import FaceTemplate, Identity

Act = Callable[[User], Actor]


def topics() -> list[str]:
    return list(Message.objects.order_by("id").values_list("topic", flat=True))


def test_the_face_in_the_pictures_goes_on(story: Story) -> None:
    licence = story.opened()
    assert services.identify(actor=story.carol, licence=licence, now=story.now) == Allowed()
    licence.refresh_from_db()
    assert licence.state == LicenceState.IDENTITY_VERIFIED
    assert licence.face_distance == pytest.approx(0.1, abs=1e-6)


def test_another_face_stays_where_it_is_and_on_record(story: Story) -> None:
    licence = story.opened()
    Portrait.objects.update(vector=likenesses.vector(8).tolist())
    assert services.identify(actor=story.carol, licence=licence, now=story.now) == Refused(("face_mismatch",))
    licence.refresh_from_db()
    assert licence.state == LicenceState.OPENED
    assert licence.face_distance is not None
    assert licence.face_distance > 0.6
    assert trail_of(licence).last().data["reasons"] == ["face_mismatch"]  # type: ignore[union-attr]


def test_nobody_unverified_goes_on(story: Story) -> None:
    licence = story.opened()
    Identity.objects.update(revoked_at=story.now)
    assert services.identify(actor=story.carol, licence=licence, now=story.now) == Refused(("identity_missing",))


def test_who_refused_face_comparison_is_left_to_the_officer(story: Story) -> None:
    FaceTemplate.objects.all().delete()
    licence = story.granted()
    assert licence.face_distance is None
    assert queries.evidence(story.persona).distance is None


def test_terms_are_granted_as_narrowed_from_today_on(story: Story) -> None:
    less = Terms(("live",), ("commerce",), ("demo-live",), ("CN",), ends_on=date(2026, 12, 31))
    licence = services.grant(actor=story.carol, licence=story.identified(), terms=less, now=story.now)
    stored = Licence.objects.get(pk=licence.pk)
    today = timezone.localdate(story.now)
    assert stored.terms == replace(less, starts_on=today)
    assert rules.from_json(stored.proposed) == PROPOSED
    assert topics() == ["consent.granted"]
    assert Message.objects.get().payload == {"persona": str(story.persona.pk), "licence": str(licence.pk)}
    coverage = queries.coverage(story.persona.pk)
    assert coverage is not None
    assert (coverage.state, coverage.media, coverage.voice, coverage.computed_driving) == ("granted", ("live",), False, False)


def test_nothing_wider_is_granted(story: Story) -> None:
    licence = story.identified()
    wider = replace(PROPOSED, territories=("WORLD",), ends_on=None, notice_days=31)
    with pytest.raises(Invalid) as refused:
        services.grant(actor=story.carol, licence=licence, terms=wider, now=story.now)
    assert set(refused.value.errors) == {"territories", "ends_on", "notice_days"}
    with pytest.raises(Invalid):
        services.grant(actor=story.carol, licence=licence, terms=replace(PROPOSED, media=()), now=story.now)
    assert topics() == []


def test_pictures_exchanged_after_the_comparison_are_noticed(story: Story) -> None:
    licence = story.identified()
    Portrait.objects.update(vector=likenesses.vector(8).tolist())
    with pytest.raises(Invalid) as refused:
        services.grant(actor=story.carol, licence=licence, terms=PROPOSED, now=story.now)
    assert refused.value.code == "face_mismatch"


def test_a_grant_needs_the_face_first(story: Story) -> None:
    with pytest.raises(Conflict):
        services.grant(actor=story.carol, licence=story.opened(), terms=PROPOSED, now=story.now)


def test_only_the_portrayed_person_answers(story: Story, eve: User, bob: User, act: Act) -> None:
    licence = story.identified()
    for actor in (story.alice, act(eve), act(bob)):
        for answer in (
            lambda who: services.grant(actor=who, licence=licence, terms=PROPOSED, now=story.now),
            lambda who: services.decline(actor=who, licence=licence, reason="terms", now=story.now),
            lambda who: services.withdraw(actor=who, licence=licence, now=story.now),
            lambda who: services.identify(actor=who, licence=licence, now=story.now),
        ):
            with pytest.raises(NotFound):
                answer(actor)
    with pytest.raises(NotFound):
        queries.licence_for(act(eve), licence.pk)
    assert queries.licence_for(act(bob), licence.pk) == licence


def test_a_withdrawal_is_told_at_once_and_once(story: Story) -> None:
    licence = story.granted()
    services.withdraw(actor=story.carol, licence=licence, now=story.now)
    assert topics() == ["consent.granted", "consent.withdrawn"]
    coverage = queries.coverage(story.persona.pk)
    assert coverage is not None
    assert coverage.state == "withdrawn"
    assert not queries.evidence(story.persona).granted
    told = Letter.objects.filter(kind="licence.withdrawn").values_list("to", flat=True)
    assert set(told) == {story.alice.id, story.carol.id}
    with pytest.raises(Conflict):
        services.withdraw(actor=story.carol, licence=licence, now=story.now)


def test_a_role_never_stands_in_the_way_of_a_withdrawal(story: Story, carol: User, act: Act) -> None:
    licence = story.granted()
    RoleGrant.objects.create(user=carol, role=Role.AUDITOR, granted_at=story.now)
    assert services.withdraw(actor=act(carol), licence=licence, now=story.now).state == LicenceState.WITHDRAWN


def test_a_granted_licence_is_narrowed_but_never_widened(story: Story) -> None:
    licence = story.granted()
    less = replace(licence.terms, voice=False, media=("live",))
    services.narrow(actor=story.carol, licence=licence, terms=less, now=story.now)
    assert queries.uses_of(story.carol).get().terms == less
    assert topics() == ["consent.granted", "consent.changed"]
    with pytest.raises(Invalid):
        services.narrow(actor=story.carol, licence=licence, terms=PROPOSED, now=story.now)


def test_declining_is_told_to_the_operator(story: Story) -> None:
    licence = services.decline(actor=story.carol, licence=story.opened(), reason="not_me", now=story.now)
    assert licence.state == LicenceState.DECLINED
    assert Letter.objects.get(kind="licence.declined").to_id == story.alice.id
    assert queries.coverage(story.persona.pk) is None


def test_a_new_grant_supersedes_the_old_one(story: Story) -> None:
    first = story.granted()
    second = story.granted(replace(PROPOSED, voice=False))
    first.refresh_from_db()
    assert (first.state, second.state) == (LicenceState.SUPERSEDED, LicenceState.GRANTED)
    assert queries.evidence(story.persona).granted
    services.withdraw(actor=story.carol, licence=second, now=story.now)
    coverage = queries.coverage(story.persona.pk)
    assert coverage is not None
    assert coverage.state == "withdrawn"


def test_an_answer_comes_in_time(story: Story) -> None:
    licence = story.opened()
    late = story.now + rules.ANSWER_LIFE
    with pytest.raises(Conflict):
        services.identify(actor=story.carol, licence=licence, now=late)


@pytest.mark.django_db(transaction=True)
def test_two_grants_at_once_grant_once(story: Story) -> None:
    licence = story.identified()

    def attempt(_: int) -> str:
        try:
            return str(services.grant(actor=story.carol, licence=licence, terms=PROPOSED, now=story.now).state)
        except PortalError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == ["granted", "illegal_move"]
    assert [entry.event for entry in trail_of(licence)].count(Event.LICENCE_GRANTED) == 1
    assert topics() == ["consent.granted"]


@pytest.mark.django_db(transaction=True)
def test_a_failed_write_leaves_neither_receipt_nor_message(story: Story) -> None:
    licence = story.granted()
    before = trail_of(licence).count()
    with transaction.atomic():
        services.withdraw(actor=story.carol, licence=licence, now=story.now)
        transaction.set_rollback(True)
    licence.refresh_from_db()
    assert licence.state == LicenceState.GRANTED
    assert (trail_of(licence).count(), topics()) == (before, ["consent.granted"])


def test_under_age_nobody_licenses_their_likeness(story: Story, carol: User, now: datetime) -> None:
    Identity.objects.all().delete()
    likenesses.verified(carol, now=now - timedelta(days=1), face_of=likenesses.vector(3), birth_date="2009-01-01")
    outcome = services.identify(actor=story.carol, licence=story.opened(), now=now)
    assert outcome == Refused(("under_age",))


def test_an_auditor_reads_and_grants_nothing(story: Story, frank: User, act: Act) -> None:
    licence = story.identified()
    Licence.objects.filter(pk=licence.pk).update(portrayed=frank)
    licence.refresh_from_db()
    with pytest.raises(Forbidden):
        services.grant(actor=act(frank), licence=licence, terms=PROPOSED, now=story.now)
