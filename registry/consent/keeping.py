"""This room's clock: the address an invitation went to. And whose identity a licence still needs."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from portal.keeping import clocks
from portal.keeping.clocks import Clock
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from registry.consent.models import Licence
from registry.consent.states import PENDING, LicenceState

ANSWERED = timedelta(days=30)  # addresses, after the answer or the end of waiting for it (PIPL art. 19)


def _addresses_due(now: datetime) -> QuerySet[Licence]:
    since = Coalesce("granted_at", "ended_at") + ANSWERED
    answered = Licence.objects.filter(email__isnull=False).exclude(state__in=PENDING)
    return answered.annotate(since=since).filter(since__lte=now)


def _address_goes(licence: Licence, now: datetime) -> list[SealedFile]:
    files.erase(licence.data_key, now=now)  # it seals nothing but the address
    Licence.objects.filter(pk=licence.pk).update(email=None)
    return []


def _licensed(now: datetime) -> Q:
    """Whoever granted a licence that stands is known as long as it does, though their verification has run out."""
    return Q(Exists(Licence.objects.filter(portrayed=OuterRef("user"), state=LicenceState.GRANTED)))


clocks.declare(Clock("addresses", Retention.CONTACT, _addresses_due, _address_goes, person="portrayed"))
clocks.keep("identities", _licensed)
