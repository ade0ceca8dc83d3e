"""What a platform asked in the last 30 days: a chart, the same numbers as a table, and a download."""

import csv
import uuid
from datetime import UTC, date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.accounts.doors import PortalRequest
from portal.accounts.membership import platform_for
from portal.accounts.models import Platform
from portal.kit import clock
from registry.developers import chart, usage
from registry.developers.console.frame import page
from registry.developers.forms import UsageForm
from registry.developers.usage import SERIES, Credential, Tally


@login_required
@never_cache
@require_GET
def show(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Shows the days; a key or an environment can be chosen."""
    platform = platform_for(request.actor, platform_id)
    form, found, today, _chosen = _asked(request, platform)
    days = usage.by_day(found, today)
    drawn = chart.draw([(date_format(each.day, "m-d"), list(each.counts.items())) for each in days])
    totals = [(name, label, sum(each.counts[name] for each in days)) for name, label in SERIES.items()]
    lines = [(each, [each.counts[name] for name in SERIES]) for each in reversed(days) if each.total]
    context: dict[str, Any] = {"form": form, "chart": drawn, "lines": lines, "totals": totals, "series": SERIES.items(), "today": today}
    context |= {"any": any(number for _name, _label, number in totals), "width": chart.WIDTH, "height": chart.HEIGHT, "left": chart.LEFT}
    return page(request, platform, "usage", context, status=200 if form.is_valid() else 422)


@login_required
@never_cache
@require_GET
def download(request: PortalRequest, platform_id: uuid.UUID) -> HttpResponse:
    """Answers the same numbers by day and credential as a file for spreadsheets (RFC 4180)."""
    platform = platform_for(request.actor, platform_id)
    _form, found, today, chosen = _asked(request, platform)
    names = {each.id: each for each in chosen}
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="usage-{platform.code}-{today.isoformat()}.csv"'
    writer = csv.writer(response)
    writer.writerow(["day", "credential", "name", "environment", *SERIES])
    for day, credential, line in usage.by_credential(found):
        told = names[credential]
        writer.writerow([day.isoformat(), told.hint, _plain(told.name), told.environment, *line.values()])
    return response


def _asked(request: PortalRequest, platform: Platform) -> tuple[UsageForm, list[Tally], date, list[Credential]]:
    credentials, today = usage.credentials_of(platform), clock.now().astimezone(UTC).date()
    form = UsageForm(request.GET, credentials=[(str(each.id), each.label) for each in credentials])
    wanted = form.cleaned_data if form.is_valid() else {}
    environment, credential = wanted.get("environment"), wanted.get("credential")
    there = [each for each in credentials if not environment or each.environment == environment]
    chosen = [each for each in there if not credential or str(each.id) == credential]
    return form, usage.counts(platform, today, chosen), today, chosen


def _plain(text: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
