"""What an officer sees of a recording."""

from django.http import HttpResponse

from portal.kit.errors import NotFound
from portal.vault.models import Erased, SealedFile
from verification.engines import recording


def sheet(file: SealedFile) -> HttpResponse:
    """Returns frames of the recorded movements, side by side in one picture. Raises NotFound for one that is erased."""
    try:
        page = recording.sheet(file.read())
    except (Erased, FileNotFoundError) as gone:
        raise NotFound from gone
    return HttpResponse(page, content_type="image/jpeg", headers={"Cache-Control": "no-store, private", "Content-Disposition": "inline"})
