"""This room's clocks: the address of whoever reported, and the words of the report."""

from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from portal.keeping import clocks
from portal.keeping.clocks import Clock
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from registry.complaints.models import Report, Reporter

ANSWERED = timedelta(days=30)  # the address, after the answer (PIPL art. 19)
RECORDS = timedelta(days=3 * 365 + 1)  # the words, three years after the decision on them (PIPL art. 56; Order 117)


def _addresses_due(now: datetime) -> QuerySet[Reporter]:
    due = Reporter.objects.annotate(since=F("report__closed_at") + ANSWERED)
    return due.filter(since__lte=now)


def _address_goes(reporter: Reporter, now: datetime) -> list[SealedFile]:
    files.erase(reporter.data_key, now=now)
    reporter.delete()
    return []


def _words_due(now: datetime) -> QuerySet[Report]:
    return Report.objects.filter(text__isnull=False).annotate(since=F("closed_at") + RECORDS).filter(since__lte=now)


def _words_go(report: Report, now: datetime) -> list[SealedFile]:
    files.erase(report.data_key, now=now)
    Report.objects.filter(pk=report.pk).update(text=None, link=None, note=None)
    return []


clocks.declare(Clock("report_addresses", Retention.CONTACT, _addresses_due, _address_goes))
clocks.declare(Clock("reports", Retention.CONTACT, _words_due, _words_go))
