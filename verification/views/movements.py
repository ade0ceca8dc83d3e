"""The answer to the page's script that asks for movements."""

from collections.abc import Callable

from django.http import HttpResponse, JsonResponse

from portal.accounts.doors import PortalRequest
from portal.kit.errors import PortalError
from verification.models import Challenge


def drawn(request: PortalRequest, draw: Callable[[bool], Challenge]) -> HttpResponse:
    """Returns what `draw(slow)` asks for, as JSON, or the words for what stands in the way."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    try:
        challenge = draw(request.POST.get("pace") == "slow")
    except PortalError as error:
        return JsonResponse({"code": error.code, "detail": str(error.detail or error.title)}, status=error.status)
    return HttpResponse(challenge.script, content_type="application/json")
