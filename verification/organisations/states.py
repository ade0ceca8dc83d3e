"""The states of an organisation's filing and of a mandate, and whose turn each is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.transitions import table


class OrganisationState(models.TextChoices):
    """Filer → officer → done. Whether the organisation counts is derived from its dates: a filing to renew takes nothing away."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("With an officer")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    VERIFIED = "verified", _("Verified")
    REJECTED = "rejected", _("Rejected")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


# Back to `draft`: to renew, to appeal, or because the filer took back the consent under which they filed. Whatever is
# under way, an officer may revoke what stands.
MOVES = table(
    draft="review revoked",
    review="verified changes_requested rejected revoked draft",
    changes_requested="review revoked",
    verified="draft expired revoked",
    rejected="draft revoked",
    expired="draft",
    revoked="draft",
)
FILER_TURN = (OrganisationState.DRAFT, OrganisationState.CHANGES_REQUESTED)
OPEN = (*FILER_TURN, OrganisationState.REVIEW)


class MandateState(models.TextChoices):
    """Invited person → standing → ended, by either side or by time."""

    INVITED = "invited", _("Invited")
    STANDING = "standing", _("Standing")
    TAKEN_BACK = "taken_back", _("Invitation taken back")
    LAPSED = "lapsed", _("Invitation lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn by the organisation")
    LAID_DOWN = "laid_down", _("Laid down by the agent")
    ENDED = "ended", _("Ended with its term")


MANDATE_MOVES = table(invited="standing taken_back lapsed", standing="withdrawn laid_down ended")
CURRENT = (MandateState.INVITED, MandateState.STANDING)
