"""This room's clocks: pictures of a filing, filings begun and left, who represents an organisation, addresses of agents.

An organisation's name and code are public facts and stay (PIPL art. 4 speaks of people). What names a person goes.
"""

from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, F, Q, QuerySet, When
from django.db.models.functions import Coalesce, Greatest

from portal.keeping import clocks
from portal.keeping.clocks import Clock
from portal.vault import files
from portal.vault.models import DataKey, Retention, SealedFile
from verification.organisations.models import Mandate, Organisation
from verification.organisations.states import FILER_TURN, MandateState, OrganisationState
from verification.retention import ABANDONED, DISPUTE, RECORDS

ANSWERED = timedelta(days=30)  # addresses, after the answer or the end of waiting for it (PIPL art. 19)
PICTURES = ("licence_image", "letter_image")
PICTURED = Q(licence_image__isnull=False) | Q(letter_image__isnull=False)
NEVER_DECIDED = Q(verified_at=None, rejected_by=None)  # no record of a decision rests on the row
_TOUCHED = Greatest("created_at", "touched_at", "submitted_at", "decided_at")  # PostgreSQL passes over what is null


def erase_pictures(organisation: Organisation, *, now: datetime) -> list[SealedFile]:
    """Returns the filing's files, their keys destroyed; their bytes follow once that is committed (`files.drop`)."""
    gone = [file for name in PICTURES if (file := getattr(organisation, name))]
    Organisation.objects.filter(pk=organisation.pk).update(**dict.fromkeys(PICTURES))
    for file in gone:
        files.erase(file.data_key, now=now)
    return gone


def erase(organisation: Organisation, *, now: datetime) -> list[SealedFile]:
    """Returns the files of a filing on which nothing was decided; the row is gone, and what it sealed."""
    gone = erase_pictures(organisation, now=now)
    files.erase(organisation.data_key, now=now)
    organisation.delete()
    return gone


def _pictures_due(now: datetime) -> QuerySet[Organisation]:
    """Not while an officer looks at it, nor as long as an appeal may send it there again with the same pictures; and those
    of a filing begun anew that nobody went on with."""
    since = Case(When(state__in=FILER_TURN, then=_TOUCHED + ABANDONED), default=F("decided_at") + DISPUTE, output_field=DateTimeField())
    kept = Organisation.objects.exclude(state=OrganisationState.REVIEW).exclude(NEVER_DECIDED, state__in=FILER_TURN)
    return kept.filter(PICTURED).annotate(since=since).filter(since__lte=now)


def _pictures_go(organisation: Organisation, now: datetime) -> list[SealedFile]:
    return erase_pictures(organisation, now=now)


def _drafts_due(now: datetime) -> QuerySet[Organisation]:
    drafts = Organisation.objects.filter(NEVER_DECIDED, state__in=FILER_TURN).annotate(since=_TOUCHED + ABANDONED)
    return drafts.filter(since__lte=now)


def _draft_goes(organisation: Organisation, now: datetime) -> list[SealedFile]:
    return erase(organisation, now=now)


def _records_due(now: datetime) -> QuerySet[Organisation]:
    ended = Greatest(Coalesce("revoked_at", "valid_until", "decided_at"), "decided_at", "touched_at") + RECORDS
    sealed = Q(representative__isnull=False) | Q(note__isnull=False)
    decided = Organisation.objects.exclude(state=OrganisationState.REVIEW).exclude(NEVER_DECIDED).filter(sealed)
    return decided.annotate(since=ended).filter(since__lte=now)


def _record_goes(organisation: Organisation, now: datetime) -> list[SealedFile]:
    """One that was never verified goes; of another its public facts stay, and it can be filed again, under a new key."""
    if organisation.operator_id is None:
        return erase(organisation, now=now)
    gone = erase_pictures(organisation, now=now)
    files.erase(organisation.data_key, now=now)
    fresh = DataKey.draw(Organisation.retention)
    Organisation.objects.filter(pk=organisation.pk).update(representative=None, note=None, data_key=fresh)
    return gone


def _addresses_due(now: datetime) -> QuerySet[Mandate]:
    answered = Mandate.objects.filter(email__isnull=False).exclude(state=MandateState.INVITED)
    return answered.annotate(since=Coalesce("accepted_at", "ended_at") + ANSWERED).filter(since__lte=now)


def _address_goes(mandate: Mandate, now: datetime) -> list[SealedFile]:
    files.erase(mandate.data_key, now=now)  # it seals nothing but the address
    Mandate.objects.filter(pk=mandate.pk).update(email=None)
    return []


clocks.declare(Clock("organisation_pictures", Retention.PICTURE, _pictures_due, _pictures_go, person="filed_by"))
clocks.declare(Clock("organisation_drafts", Retention.IDENTITY, _drafts_due, _draft_goes, person="filed_by"))
clocks.declare(Clock("organisations", Retention.IDENTITY, _records_due, _record_goes, person="filed_by"))
clocks.declare(Clock("mandate_addresses", Retention.CONTACT, _addresses_due, _address_goes, person="user"))
