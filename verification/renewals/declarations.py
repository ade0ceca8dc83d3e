"""What this room does when the core lets go of a face."""

import uuid
from datetime import datetime

from portal.vault.models import SealedFile
from verification.declared import forgets_face
from verification.renewals.models import Renewal
from verification.renewals.states import OPEN, RenewalState


@forgets_face("renewals")
def forget(user_id: uuid.UUID, now: datetime) -> list[SealedFile]:
    """Returns the account's selfies, which no row holds any more; one that was under way is cancelled."""
    rows = Renewal.objects.filter(user=user_id)
    pictures = list(SealedFile.objects.filter(pk__in=rows.values("picture")))
    rows.filter(state__in=OPEN).update(state=RenewalState.CANCELLED, decided_at=now)
    rows.update(picture=None, distance=None)
    return pictures
