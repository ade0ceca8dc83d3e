"""This room's clocks: the portraits of a registration that has ended, the address a transfer was sent to.

And which portraits a registration still needs.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least

from portal.keeping import clocks
from portal.keeping.clocks import Clock
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from registry.issuing.models import Registration, Transfer
from registry.personas.keeping import RECORDS, erase_portrait
from registry.personas.models import Portrait
from registry.personas.states import OPEN

ENDED = Least("expires_at", "revoked_at", "retired_at")  # PostgreSQL passes over what is null

ANSWERED = timedelta(days=30)  # addresses, after the end of a transfer (PIPL art. 19)


def _ended_due(now: datetime) -> QuerySet[Portrait]:
    """Three years after the registration's end (Order 117), unless the persona is under review again."""
    registrations = Registration.objects.filter(persona=OuterRef("persona")).annotate(ended=ENDED)
    shown = Portrait.kept.exclude(persona__applications__state__in=OPEN)
    ended = Subquery(registrations.values("ended")[:1])
    return shown.annotate(since=ended + RECORDS).filter(since__lte=now)


def _standing(now: datetime) -> Q:
    standing = Registration.objects.annotate(ended=ENDED).filter(persona=OuterRef("persona"), ended__gt=now)
    return Q(Exists(standing))


def _ever_registered(now: datetime) -> Q:
    return Q(Exists(Registration.objects.filter(persona=OuterRef("persona"))))


def _addresses_due(now: datetime) -> QuerySet[Transfer]:
    ended = Transfer.objects.filter(email__isnull=False, ended_at__isnull=False)
    return ended.annotate(since=F("ended_at") + ANSWERED).filter(since__lte=now)


def _address_goes(transfer: Transfer, now: datetime) -> list[SealedFile]:
    files.erase(transfer.data_key, now=now)  # it seals nothing but the address
    Transfer.objects.filter(pk=transfer.pk).update(email=None)
    return []


clocks.declare(Clock("transfer_addresses", Retention.CONTACT, _addresses_due, _address_goes, person="received_by"))
clocks.declare(Clock("portraits_ended", Retention.PORTRAIT, _ended_due, erase_portrait, person="persona__created_by"))
clocks.keep("portraits_removed", _standing)
clocks.keep("portraits_untouched", _ever_registered)
