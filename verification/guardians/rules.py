"""Who can be a guardian, and how often one is asked. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verification.rules import KNOWN_FACE

Text = str | Promise

INVITATION_LIFE = timedelta(days=7)  # of the link
ANSWER_LIFE = timedelta(days=30)  # once it is opened: the guardian may have to be verified first
DAILY_MAILS = 5  # per minor
MAILING_GAP = timedelta(minutes=2)
BEGINNINGS = 3  # how often the machine begins to compare two faces before an officer decides without it
NOTE = 1000  # characters

# Why somebody cannot be the guardian, for whoever reads it on their own page.
UNFIT: dict[str, Text] = {
    "guardian_unverified": _("A guardian must have a verified identity of their own. Verify yours, then come back to this page."),
    "guardian_under_age": _("A guardian must be 18 or older."),
    "guardian_same_person": _("Nobody is their own guardian: this account belongs to the person who needs one."),
}
# Why an officer does not accept a guardian, as both sides read it.
REFUSALS: dict[str, Text] = {
    "proof_missing": _("There is no proof of the guardianship, such as the household register or a birth certificate."),
    "proof_unreadable": _("The proof of the guardianship cannot be read."),
    "not_the_guardian": _("The proof does not show that this person is the guardian."),
    "same_person": _("The guardian and the minor seem to be the same person."),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of somebody who wants to be a guardian; `distance` is None where no faces were compared."""

    verified: bool
    adult: bool
    same_account: bool = False
    same_number: bool = False
    distance: float | None = None


def unfit(facts: Facts) -> str:
    """Returns the code of what keeps somebody from being the guardian; empty if nothing does (General Provisions of the
    Civil Code art. 17, 27: an adult, and another person than the minor)."""
    alike = facts.distance is not None and facts.distance <= KNOWN_FACE
    if facts.same_account or facts.same_number or alike:
        return "guardian_same_person"
    if not facts.verified:
        return "guardian_unverified"
    return "" if facts.adult else "guardian_under_age"
