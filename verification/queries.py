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
from verification.models import Attempt, Case, ConsentRecord, FaceTemplate, Identity, Purpose
from verification.reasons import Step
from verification.rules import Standing, Vector
from verification.states import OPEN, CaseState

EF_SEARCH = 200  # how many neighbours the index follows; bench/face_search.py shows what fewer miss
_SEARCH = "SELECT set_config('hnsw.ef_search', %s, true), set_config('hnsw.iterative_scan', 'strict_order', true)"

_FOR_THE_APPLICANT = (
    Event.CASE_STARTED, Event.CASE_SUBMITTED, Event.CASE_JUDGED, Event.CASE_VERIFIED, Event.CASE_RETRY, Event.CASE_REJECTED,
    Event.CASE_EXPIRED, Event.IDENTITY_REVOKED,
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


def consents(user_id: uuid.UUID) -> frozenset[str]:
    """Returns the purposes to which the account's consent stands, in the present version."""
    standing = ConsentRecord.objects.filter(user=user_id, withdrawn_at=None).values_list("purpose", "version")
    return frozenset(purpose for purpose, version in standing if version == rules.CONSENT_VERSIONS[purpose])


def has_template(user_id: uuid.UUID) -> bool:
    """Returns whether a face template of the account is kept."""
    return FaceTemplate.objects.filter(identity__user=user_id).exists()


def steps_left(case: Case) -> list[Step]:
    """Returns the wizard's steps that are still to be done. Without face consent no selfie is asked for."""
    done = {
        Step.DETAILS: bool(case.document_type),
        Step.DOCUMENT: case.document_image_id is not None,
        Step.SELFIE: case.selfie_image_id is not None,
    }
    needed = [step for step in Step if step is not Step.SELFIE or Purpose.FACE in consents(case.user_id)]
    return [step for step in needed if not done[step] or step in case.redo]


def tries(user_id: uuid.UUID, now: datetime) -> Tries:
    """Returns the account's submissions that are left at `now`."""
    attempts = Attempt.objects.filter(user=user_id, at__gt=now - rules.WINDOW).values_list("at", flat=True)
    return Tries(*rules.tries_left(attempts, now))


def history(case: Case) -> QuerySet[Entry]:
    """Returns what the applicant may read of the case's trail, the oldest first."""
    return trail_of(case).filter(event__in=_FOR_THE_APPLICANT)


def waiting_cases(actor: Actor) -> QuerySet[Case]:
    """Returns the cases that wait for an officer, the oldest first, without the actor's own. Raises Forbidden."""
    require(actor, Permission.READ_DESK)
    return Case.objects.select_related("user", "officer").filter(state=CaseState.REVIEW).exclude(user=actor.id).order_by("submitted_at")


def case_for_desk(actor: Actor, case_id: uuid.UUID) -> Case:
    """Returns a submitted case. Raises Forbidden without a desk role, NotFound for no such case or the actor's own."""
    require(actor, Permission.READ_DESK)
    cases = Case.objects.select_related("user", "officer", "data_key", "document_image", "selfie_image")
    case = cases.filter(pk=case_id, submitted_at__isnull=False).exclude(user=actor.id).first()
    if case is None:
        raise NotFound
    return case


def case_of_picture(file_id: uuid.UUID) -> Case | None:
    """Returns the case to which a picture belongs."""
    pictures = Q(document_image=file_id) | Q(selfie_image=file_id)
    return Case.objects.select_related("document_image__data_key", "selfie_image__data_key").filter(pictures).first()
