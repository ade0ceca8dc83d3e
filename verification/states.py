"""The states of a real-name case and whose turn each is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.transitions import table


class CaseState(models.TextChoices):
    """Applicant → machine → (officer) → done."""

    DRAFT = "draft", _("Draft")
    PROCESSING = "processing", _("Being checked")
    REVIEW = "review", _("With an officer")
    RETRY = "retry", _("Your turn again")
    VERIFIED = "verified", _("Verified")
    REJECTED = "rejected", _("Rejected")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")
    WITHDRAWN = "withdrawn", _("Ended by you")


# Moves to the same state are claims: they change the officer, not the state.
MOVES = table(
    draft="processing withdrawn",
    processing="verified review retry withdrawn",
    review="verified retry rejected withdrawn",
    retry="processing withdrawn",
    verified="expired revoked withdrawn",
    rejected="review",  # by an appeal, once
)
OPEN = (CaseState.DRAFT, CaseState.PROCESSING, CaseState.REVIEW, CaseState.RETRY)
APPLICANT_TURN = (CaseState.DRAFT, CaseState.RETRY)
CLOSED = (CaseState.VERIFIED, CaseState.REJECTED, CaseState.EXPIRED, CaseState.REVOKED, CaseState.WITHDRAWN)
