"""What each reason of a verdict means: for the calling platform, and for the operator, who reads what to do next."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Reason:
    """A stable code with its two texts."""

    code: str
    message: str | Promise
    help: str | Promise


_ALL = [
    Reason("persona_unknown", _("No persona is registered under this ID."), _("Check the ID on the persona's page.")),
    Reason(
        "not_active",
        _("The registration has expired, was revoked or was retired."),
        _("Open the persona's page: an expired registration can be renewed by a new application."),
    ),
    Reason(
        "consent_missing",
        _("The portrayed person has not licensed this persona."),
        _("Invite the portrayed person from the persona's page and wait until they have granted the licence."),
    ),
    Reason("consent_expired", _("The portrait licence has ended."), _("Ask the portrayed person for a new licence.")),
    Reason(
        "consent_withdrawn",
        _("The portrayed person has withdrawn the portrait licence."),
        _("Stop using the persona. Only a new licence from the portrayed person allows it again."),
    ),
    Reason(
        "scope_not_covered",
        _("The registration or the portrait licence does not cover this use."),
        _("Compare the platform, activity, purpose and territory with the licence on the persona's page, and ask for what is missing."),
    ),
    Reason(
        "operator_unverified",
        _("The operator's identity is not verified."),
        _("Complete your real-name verification under “My identity”."),
    ),
    Reason(
        "operator_reverify_due",
        _("The operator's identity must be verified again."),
        _("Open “My identity”: confirm your identity there. Whoever sells live does so every six months."),
    ),
    Reason("driver_required", _("This persona needs a verified driver to go live."), _("Name the driver on the persona's page.")),
    Reason("driver_unverified", _("The driver's identity is not verified."), _("The driver must complete real-name verification.")),
    Reason("age_below_limit", _("The operator is younger than the law allows."), _("Live accounts are open from the age of 16.")),
    Reason(
        "guardian_missing",
        _("The operator or the driver is a minor, and a guardian's consent is missing."),
        _("A guardian must verify their identity and consent: the young person asks them under “My identity”."),
    ),
    Reason("hold_consent", _("The portrayed person has put a hold on this persona."), _("Contact the portrayed person.")),
    Reason("hold_operator", _("The operator has put a hold on this persona."), _("Lift your hold on the persona's page.")),
    Reason(
        "hold_officer",
        _("A compliance officer has put a hold on this persona."),
        _("Read the officer's note on the persona's page and answer it."),
    ),
    Reason("hold_label", _("The persona was shown without its label."), _("Correct the label and tell the compliance office.")),
    Reason("hold_legal", _("A legal order stops this persona."), _("Contact the compliance office.")),
    Reason("key_bad", _("The stream key is not valid."), _("Copy the stream key again from the persona's page.")),
    Reason("key_bound_elsewhere", _("The stream key is in use elsewhere."), _("Stop the other stream, or draw a new key.")),
    Reason("label_missing", _("The label was not shown."), _("Show the label for the whole session.")),
    Reason("replay", _("This permission was used before."), _("Ask again for a new one.")),
]

REASONS: dict[str, Reason] = {reason.code: reason for reason in _ALL}


def described(codes: tuple[str, ...]) -> list[dict[str, str]]:
    """Returns `{code, message, help}` for each code, in the active language."""
    return [{"code": code, "message": str(REASONS[code].message), "help": str(REASONS[code].help)} for code in codes]
