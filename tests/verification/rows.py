"""Cases as rows, at the point of their way that a test needs: nothing is compared to get there."""

from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from verification import services
from verification.models import Case, Channel, DocumentType
from verification.states import CaseState

NUMBER = "360426199101010071"


def picture(colour: str = "grey") -> SealedFile:
    """Returns a stored picture of one colour."""
    plain = BytesIO()
    Image.new("RGB", (600, 400), colour).save(plain, "JPEG")
    return files.store(plain.getvalue(), media_type="image/jpeg", kind=Retention.PICTURE)


def draft(user: User, now: datetime, *, consents: tuple[str, ...] = ("processing", "face"), **changes: Any) -> Case:
    """Returns a case whose document is described and whose pictures are still to be taken."""
    services.consent(actor=actor_for(user), purposes=consents, now=now)
    told: dict[str, Any] = {"document_type": DocumentType.RESIDENT_ID, "full_name": "Li Xiaoming", "document_number": NUMBER}
    case = Case(user=user, created_at=now, birth_date="1991-01-01", **{**told, **changes})
    case.save()
    return case


def in_review(user: User, now: datetime, **changes: Any) -> Case:
    """Returns a case with all its pictures that waits for an officer; the faces lie near, and the movements were right."""
    seen: dict[str, Any] = {"distance": 0.3, "liveness": "passed", "document_channel": Channel.CAMERA, "selfie_channel": Channel.CAMERA}
    shown = {"document_image": picture(), "document_back_image": picture(), "selfie_image": picture()}
    return draft(user, now, **{"state": CaseState.REVIEW, "submitted_at": now, **seen, **shown, **changes})
