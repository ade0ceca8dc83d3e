"""The badge that other sites show: live, cached for seconds."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from portal.kit import clock
from portal.kit.errors import PortalError, Text
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.record import answers, public, visits
from registry.record.drawing import LANGUAGES, NOT_REGISTERED, THEMES, Badge, svg

MEDIA_TYPE = "image/svg+xml; charset=utf-8"
POLICY = "default-src 'none'; frame-ancestors 'none'"


class ParameterUnknown(PortalError):
    """The address asks for something a badge cannot do."""

    code = "parameter_unknown"
    title = _("This badge does not exist")
    help = _("A badge takes lang=zh or lang=en, and theme=light or theme=dark, each at most once.")


@require_http_methods(answers.METHODS)
def badge(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the badge of an ID; of one that nobody has, a grey badge with 404."""
    if request.method == "OPTIONS":
        return answers.preflight()
    language, theme = _one_of(request, "lang", LANGUAGES, "en"), _one_of(request, "theme", THEMES, "light")
    if set(request.GET) - {"lang", "theme"}:
        raise ParameterUnknown
    canonical = ids.canonical(registry_id)
    if canonical:
        visits.count(request, "badge")
    status = _status(canonical) if canonical else NOT_REGISTERED
    drawn = svg(Badge(ids.printed(canonical) if canonical else "", status, language, theme))
    response = answers.sent(request, drawn.encode(), MEDIA_TYPE, status=404 if status == NOT_REGISTERED else 200)
    response["Content-Security-Policy"] = POLICY
    return response


def _one_of(request: HttpRequest, name: str, known: tuple[str, ...], default: str) -> str:
    given = request.GET.getlist(name, [default])
    if len(given) != 1 or given[0] not in known:
        raise ParameterUnknown
    return given[0]


def _status(canonical: str) -> str:
    try:
        return issuing.status_of(public.find(canonical), clock.now()).value
    except public.NotRegistered:
        return NOT_REGISTERED


def snippets(printed: str, link: str) -> list[tuple[Text, str]]:
    """Returns what an operator copies into a site: (label, text)."""
    source = f"{settings.SITE_URL}/badge/{printed}.svg"
    html = f'<a href="{link}"><img src="{source}" alt="Virtual human {printed}" height="20"></a>'
    return [(_("Code (HTML)"), html), (_("Code (Markdown)"), f"[![Virtual human {printed}]({source})]({link})")]
