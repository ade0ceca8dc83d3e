"""Terms in plain words, for pages and letters."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.consent.models import Medium, UsePurpose
from registry.consent.rules import Terms
from registry.consent.territories import TERRITORIES

Fact = tuple[str, str]


def facts(terms: Terms, platforms: Mapping[str, str]) -> list[Fact]:
    """Returns the terms as (label, text) in the reader's language; `platforms` names the codes."""
    return [
        (_("Where"), _named(terms.media, dict(Medium.choices))),
        (_("What for"), _named(terms.purposes, dict(UsePurpose.choices))),
        (_("Platforms"), _named(terms.platforms, platforms)),
        (_("Territory"), _named(terms.territories, TERRITORIES)),
        (_("First day"), _day(terms.starts_on) or _("From the day of the grant")),
        (_("Last day"), _day(terms.ends_on) or _("No end; either side can end it")),
        (_("Voice"), _("Allowed") if terms.voice else _("Not allowed")),
        (_("Driven by a computer"), _("Allowed") if terms.computed_driving else _("Not allowed")),
        (_("Time to settle accounts"), ngettext("%(days)d day", "%(days)d days", terms.notice_days) % {"days": terms.notice_days}),
    ]


def summary(terms: Terms, platforms: Mapping[str, str]) -> list[str]:
    """Returns what is allowed and what is not, as sentences to the portrayed person."""
    may = _("Your face may be used in %(media)s, for %(purposes)s, on %(platforms)s, in %(territories)s.") % {
        "media": _listed(terms.media, dict(Medium.choices)),
        "purposes": _listed(terms.purposes, dict(UsePurpose.choices)),
        "platforms": _listed(terms.platforms, platforms),
        "territories": _listed(terms.territories, TERRITORIES),
    }
    return [may, _when(terms), _voice(terms), _driving(terms), _("You can withdraw at any time, and the use stops at once.")]


def _when(terms: Terms) -> str:
    first, last = _day(terms.starts_on), _day(terms.ends_on)
    if first and last:
        return _("This holds from %(first)s to %(last)s.") % {"first": first, "last": last}
    if last:
        return _("This holds from today to %(last)s.") % {"last": last}
    if first:
        return _("This holds from %(first)s, without an end.") % {"first": first}
    return _("This holds from today, without an end.")


def _voice(terms: Terms) -> str:
    return _("Your voice may be used too.") if terms.voice else _("Your voice may not be used.")


def _driving(terms: Terms) -> str:
    if terms.computed_driving:
        return _("A computer may make your likeness move and speak.")
    return _("Only a real person may make your likeness move and speak; a computer may not.")


def _named(codes: Iterable[str], names: Mapping[str, str | Promise]) -> str:
    return _(", ").join(str(names.get(code, code)) for code in codes) or _("Nothing")


def _listed(codes: Iterable[str], names: Mapping[str, str | Promise]) -> str:
    return _(", ").join(f"“{names.get(code, code)}”" for code in codes) or _("nothing")


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
