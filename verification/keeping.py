"""This room's clocks: pictures, drafts, templates, identities and the record of the decision."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from portal.accounts.models import User
from portal.audit.services import Subject
from portal.keeping import clocks, faces
from portal.keeping.clocks import Clock
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from verification.models import Case, ConsentRecord, FaceTemplate, Identity, Purpose
from verification.retention import ABANDONED, DISPUTE, RECORDS
from verification.states import APPLICANT_TURN, CLOSED, OPEN, CaseState

# Whatever pictures a case has, now or later.
PICTURES = [field.name for field in Case._meta.fields if field.related_model is SealedFile]
SEALED = ("full_name", "document_number", "birth_date", "note", "appeal", "meeting_wish", "findings")


def with_pictures() -> Q:
    """Returns what is true of a case that has a picture."""
    return Q(*((f"{name}__isnull", False) for name in PICTURES), _connector=Q.OR)


def erase_pictures(cases: Iterable[Case], *, now: datetime) -> list[SealedFile]:
    """Returns the cases' files, their keys destroyed; their bytes follow once that is committed (`files.drop`)."""
    gone: list[SealedFile] = []
    for case in cases:
        gone += [file for name in PICTURES if (file := getattr(case, name))]
        Case.objects.filter(pk=case.pk).update(**dict.fromkeys(PICTURES))
    for file in gone:
        files.erase(file.data_key, now=now)
    return gone


def empty(case: Case, *, now: datetime) -> None:
    """Destroys what a case seals on which nothing was decided: name, number, birth date. The row stays, and names nobody."""
    files.erase(case.data_key, now=now)
    _erase_meetings(case, now)
    Case.objects.filter(pk=case.pk).update(**dict.fromkeys(SEALED), decided_at=now)


def _pictures_due(now: datetime) -> QuerySet[Case]:
    """Decided long enough ago, and the person has no case under way: an officer may want to look at the earlier one."""
    under_way = Case.objects.filter(user=OuterRef("user"), state__in=OPEN)
    decided = Case.objects.filter(with_pictures(), ~Exists(under_way), state__in=CLOSED, decided_at__lte=now - DISPUTE)
    return decided.annotate(since=F("decided_at") + DISPUTE)


def _pictures_go(case: Case, now: datetime) -> list[SealedFile]:
    return erase_pictures([case], now=now)


def _unconsented_due(now: datetime) -> QuerySet[Case]:
    """What a legal hold kept when the person took their consent back: due as soon as the hold is lifted."""
    given = ConsentRecord.objects.filter(user=OuterRef("user"), purpose=Purpose.PROCESSING)
    ended = Subquery(given.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at").values("withdrawn_at")[:1])
    left = with_pictures() | Q(state=CaseState.WITHDRAWN, decided_at=None)
    return Case.objects.filter(left, ~Exists(given.filter(withdrawn_at=None))).annotate(since=ended).filter(since__lte=now)


def _unconsented_goes(case: Case, now: datetime) -> list[SealedFile]:
    if case.decided_at is None:
        empty(case, now=now)
    return erase_pictures([case], now=now)


def _drafts_due(now: datetime) -> QuerySet[Case]:
    touched = Greatest("created_at", "touched_at", "submitted_at", "decided_at")  # PostgreSQL passes over what is null
    drafts = Case.objects.filter(state__in=APPLICANT_TURN).annotate(since=touched + ABANDONED)
    return drafts.filter(since__lte=now)


def _templates_due(now: datetime) -> QuerySet[FaceTemplate]:
    """Templates go at once with the consent and with the identity; this finds one that something left behind."""
    consent = ConsentRecord.objects.filter(user=OuterRef("identity__user"), purpose=Purpose.FACE, withdrawn_at=None)
    ended = Q(identity__valid_until__lte=now) | Q(identity__revoked_at__isnull=False)
    return FaceTemplate.objects.filter(ended | ~Exists(consent)).annotate(since=F("created_at"))


def _template_goes(template: FaceTemplate, now: datetime) -> list[SealedFile]:
    template.delete()
    return []


def _case_of(template: FaceTemplate) -> Subject:
    return template.identity.case


def _identities_due(now: datetime) -> QuerySet[Identity]:
    ended = Coalesce("revoked_at", "valid_until") + RECORDS
    return Identity.objects.annotate(since=ended).filter(since__lte=now)


def _identity_goes(identity: Identity, now: datetime) -> list[SealedFile]:
    files.erase(identity.data_key, now=now)
    identity.delete()
    return []


def _cases_due(now: datetime) -> QuerySet[Case]:
    """A case goes after the identity that rests on it."""
    rests = Identity.objects.filter(case=OuterRef("pk"))
    decided = Case.objects.filter(~Exists(rests), state__in=CLOSED, decided_at__lte=now - RECORDS)
    return decided.annotate(since=F("decided_at") + RECORDS)


def _case_goes(case: Case, now: datetime) -> list[SealedFile]:
    gone = erase_pictures([case], now=now)
    files.erase(case.data_key, now=now)
    _erase_meetings(case, now)
    case.delete()
    return gone


def _erase_meetings(case: Case, now: datetime) -> None:
    for meeting in case.meetings.select_related("data_key"):
        files.erase(meeting.data_key, now=now)
        meeting.delete()


def people_with_faces() -> int:
    """Returns of how many people this room stores a picture or a face template."""
    pictured = Case.objects.filter(with_pictures(), user=OuterRef("pk"))
    known = FaceTemplate.objects.filter(identity__user=OuterRef("pk"))
    return User.objects.filter(Exists(pictured) | Exists(known)).count()


clocks.declare(Clock("pictures", Retention.PICTURE, _pictures_due, _pictures_go, person="user"))
clocks.declare(Clock("unconsented", Retention.PICTURE, _unconsented_due, _unconsented_goes, person="user"))
clocks.declare(Clock("drafts", Retention.IDENTITY, _drafts_due, _case_goes, person="user"))
clocks.declare(Clock("templates", Retention.TEMPLATE, _templates_due, _template_goes, subject=_case_of))
clocks.declare(Clock("identities", Retention.IDENTITY, _identities_due, _identity_goes, person="user"))
clocks.declare(Clock("cases", Retention.IDENTITY, _cases_due, _case_goes, person="user"))
faces.declare("verification", people_with_faces)
