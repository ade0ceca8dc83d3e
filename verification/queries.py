"""Reading cases and identities. Face vectors here are turned by the vault's rotation, in and out."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from pgvector.django import L2Distance

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.audit.queries import trail_of
from portal.kit.errors import NotFound
from verification import rules
from verification.engines.authority import choice
from verification.models import Attempt, Case, Challenge, ConsentRecord, FaceTemplate, Identity, Meeting, Purpose
from verification.reasons import Step
from verification.rules import Standing, Vector
from verification.states import OPEN, CaseState

PICTURES = (Step.DOCUMENT, Step.DOCUMENT_BACK, Step.SELFIE)
EF_SEARCH = 200  # how many neighbours the index follows; bench/face_search.py shows what fewer miss
_SEARCH = "SELECT set_config('hnsw.ef_search', %s, true), set_config('hnsw.iterative_scan', 'strict_order', true)"

_FOR_THE_APPLICANT = (
    Event.CASE_STARTED, Event.CASE_SUBMITTED, Event.CASE_JUDGED, Event.CASE_VERIFIED, Event.CASE_RETRY, Event.CASE_REJECTED,
    Event.CASE_APPEALED, Event.CASE_HANDED_OFF, Event.MEETING_ARRANGED, Event.MEETING_NOTED, Event.CASE_EXPIRED, Event.CASE_WITHDRAWN,
    Event.IDENTITY_REVOKED, Event.RETENTION_ERASED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tries:
    """How many submissions are left, and when the next one frees up."""

    left: int
    again_at: datetime


def identity_of(user_id: uuid.UUID) -> Identity | None:
    """Returns the identity of an account, whatever became of it."""
    return Identity.objects.select_related("data_key").filter(user=user_id).first()


def standing(user_id: uuid.UUID, now: datetime) -> Standing:
    """Returns whether the account is verified at `now`."""
    identity = identity_of(user_id)
    if identity is None or identity.revoked_at or not identity.verified_at <= now < identity.valid_until:
        return Standing()
    age = rules.age_on(timezone.localdate(now), identity.born)
    return Standing(True, identity.verified_at, identity.valid_until, age >= rules.ADULT_AGE, age)


def template_of(user_id: uuid.UUID) -> Vector | None:
    """Returns the face template of an account, turned; None without an identity that stands or without face consent."""
    vector = FaceTemplate.objects.filter(identity__user=user_id, identity__revoked_at=None).values_list("vector", flat=True).first()
    return None if vector is None else np.asarray(vector, dtype=np.float64)


def nearest(vector: Vector, *, limit: int = 3, exclude_user: uuid.UUID | None = None) -> list[tuple[uuid.UUID, float]]:
    """Returns the accounts whose faces lie nearest to a turned vector, with the distances, the nearest first.

    The index answers before the conditions are looked at: it goes on until enough accounts meet them (pgvector ≥ 0.8).
    """
    found = FaceTemplate.objects.filter(identity__revoked_at=None).exclude(identity__user=exclude_user)
    near = found.annotate(distance=L2Distance("vector", vector)).order_by("distance")[:limit]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SEARCH, [str(EF_SEARCH)])
        return [(user, float(distance)) for user, distance in near.values_list("identity__user", "distance")]


def open_case(user: User | uuid.UUID) -> Case | None:
    """Returns the account's case that is not finished."""
    return Case.objects.select_related("data_key").filter(user=user, state__in=OPEN).first()


def latest_case(user: User | uuid.UUID) -> Case | None:
    """Returns the account's case that is not finished, else its last one."""
    return open_case(user) or Case.objects.select_related("data_key").filter(user=user).order_by("-created_at").first()


def consent_version(purpose: str) -> str:
    """Returns the version in which a consent is asked for now. One to sharing names its recipient: another is asked for anew."""
    version = rules.CONSENT_VERSIONS[purpose]
    return f"{version}-{choice.face_goes_to()[:8]}" if purpose == Purpose.SHARING else version


def consents(user_id: uuid.UUID) -> frozenset[str]:
    """Returns the purposes to which the account's consent stands, in the present version."""
    standing = ConsentRecord.objects.filter(user=user_id, withdrawn_at=None).values_list("purpose", "version")
    return frozenset(purpose for purpose, version in standing if version == consent_version(purpose))


def consents_of(user_id: uuid.UUID) -> QuerySet[ConsentRecord]:
    """Returns every consent that the account ever gave, the newest first."""
    return ConsentRecord.objects.filter(user=user_id).order_by("-given_at", "purpose")


def has_template(user_id: uuid.UUID) -> bool:
    """Returns whether a face template of the account is kept."""
    return FaceTemplate.objects.filter(identity__user=user_id).exists()


def steps_needed(case: Case) -> list[Step]:
    """Returns the wizard's steps of this case, in its order. Without face consent no selfie is asked for."""
    face = Purpose.FACE in consents(case.user_id)
    still = face and case.selfie_image_id is not None and case.recording_id is None
    return rules.steps_needed(document_type=case.document_type, face=face, still=still)


def steps_left(case: Case) -> list[Step]:
    """Returns the wizard's steps that are still to be done."""
    done = {
        Step.DETAILS: bool(case.document_type),
        Step.DOCUMENT: case.document_image_id is not None,
        Step.DOCUMENT_BACK: case.document_back_image_id is not None,
        Step.SELFIE: case.selfie_image_id is not None,
        Step.MEETING: bool(case.meeting_kind),
    }
    return [step for step in steps_needed(case) if not done[step] or step in case.redo]


def draws_left(user_id: uuid.UUID, now: datetime) -> int:
    """Returns how many challenges may still be drawn for the account within the window, for whatever it records."""
    drawn = Challenge.objects.filter(user=user_id, drawn_at__gt=now - rules.WINDOW).count()
    return max(0, rules.CHALLENGES - drawn)


def meeting_ahead(case: Case) -> Meeting | None:
    """Returns the meeting that is arranged and not noted yet."""
    return case.meetings.select_related("data_key", "arranged_by").filter(noted_at=None).first()


def meetings_held(case: Case) -> QuerySet[Meeting]:
    """Returns the meetings that officers noted, the latest first."""
    return case.meetings.select_related("data_key", "noted_by").filter(noted_at__isnull=False).order_by("-noted_at")


def appealable(case: Case, now: datetime) -> bool:
    """Returns whether the applicant may still appeal: a rejection, once, within the time, and no other case is open."""
    rejected = case.state == CaseState.REJECTED and case.appealed_at is None and case.decided_at is not None
    return rejected and now < (case.decided_at or now) + rules.APPEAL_OPEN and open_case(case.user_id) is None


def tries(user_id: uuid.UUID, now: datetime) -> Tries:
    """Returns the account's submissions that are left at `now`."""
    attempts = Attempt.objects.filter(user=user_id, at__gt=now - rules.WINDOW).values_list("at", flat=True)
    return Tries(*rules.tries_left(attempts, now))


def history(case: Case) -> QuerySet[Entry]:
    """Returns what the applicant may read of the case's trail, the oldest first."""
    return trail_of(case).filter(event__in=_FOR_THE_APPLICANT)


def rejected_by(actor: Actor, user_id: uuid.UUID) -> bool:
    """Returns whether the actor rejected this person, in a case that stands or in one that is appealed."""
    rejected = Q(state=CaseState.REJECTED, decided_by=actor.id) | Q(rejected_by=actor.id)
    return Case.objects.filter(rejected, user=user_id).exists()


def waiting_cases(actor: Actor) -> QuerySet[Case]:
    """Returns the cases that wait for an officer, the oldest first, without the actor's own. Raises Forbidden."""
    require(actor, Permission.READ_DESK)
    return Case.objects.select_related("user", "officer").filter(state=CaseState.REVIEW).exclude(user=actor.id).order_by("submitted_at")


def case_for_desk(actor: Actor, case_id: uuid.UUID) -> Case:
    """Returns a submitted case. Raises Forbidden without a desk role, NotFound for no such case or the actor's own."""
    require(actor, Permission.READ_DESK)
    cases = Case.objects.select_related("user", "officer", "data_key")
    case = cases.filter(pk=case_id, submitted_at__isnull=False).exclude(user=actor.id).first()
    if case is None:
        raise NotFound
    return case


def case_of_picture(file_id: uuid.UUID) -> tuple[Case, str] | None:
    """Returns the case to which a picture belongs, and the name of the picture's slot."""
    for slot in PICTURES:
        found = Case.objects.select_related(f"{slot}_image__data_key").filter(**{f"{slot}_image": file_id}).first()
        if found:
            return found, slot
    return None
