"""The record for programs: as our own JSON or as RDAP. Nobody signs in here and nothing personal shows."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from portal.kit import clock
from portal.kit.errors import PortalError
from registry.record import answers, public, rdap, visits


@require_http_methods(answers.METHODS)
def twin(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the record as JSON, or as RDAP if that is asked for; 304 if the caller has this version."""
    best = request.get_preferred_type([answers.JSON, rdap.MEDIA_TYPE])
    return answer(request, registry_id, best or answers.JSON)


def answer(request: HttpRequest, registry_id: str, content_type: str) -> HttpResponse:
    """Returns the record, or what is wrong, in this type. A malformed ID costs no look-up and is not counted."""
    if request.method == "OPTIONS":
        return answers.preflight()
    try:
        public.read(registry_id)
        visits.count(request, "record")
        document = public.document(public.find(registry_id), clock.now())
    except PortalError as error:
        return answers.refused(request, error, content_type)
    return answers.as_json(request, rdap.of(document) if content_type == rdap.MEDIA_TYPE else document, content_type)
