"""What a hold, a prohibition or a revocation may be founded on: stable codes with their texts. Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

# Whose hold (`registry.issuing.models.Party`) → reason code → text.
HOLD: dict[str, dict[str, Text]] = {
    "operator": {
        "pause": _("The operator pauses this persona"),
        "key_lost": _("A stream key was lost or stolen"),
        "misuse": _("Somebody uses the persona without the operator's leave"),
    },
    "officer": {
        "facts_doubtful": _("The registered facts are in doubt"),
        "identity_doubtful": _("The identity of the operator or of the portrayed person is in doubt"),
        "complaint": _("A complaint is being looked into"),
        "content": _("What the persona shows may not be shown"),
        "changed_unregistered": _("The persona was changed without a new application"),
    },
    "label": {
        "label_missing": _("The label “virtual human” was not shown"),
        "label_hidden": _("The label was too small, too short or covered"),
        "metadata_missing": _("The metadata of a recording do not say that it is synthetic"),
    },
    "legal": {
        "court_order": _("Order of a court"),
        "authority_order": _("Order of an authority"),
        "infringement": _("Notice of infringement"),
    },
}
REVOCATION: dict[str, Text] = {
    "false_statements": _("It was registered on false statements"),
    "no_consent": _("The portrayed person never agreed"),
    "repeated_violations": _("The rules were broken again and again"),
    "legal_order": _("Order of a court or an authority"),
    "issued_in_error": _("It was issued in error"),
}
# Why the registry forbids something.
PROHIBITION: dict[str, Text] = {
    "dispute": _("It is in dispute who answers for this persona"),
    "investigation": _("The registry looks into a complaint"),
    "legal_order": _("Order of a court or an authority"),
    "operator_asked": _("The operator asked for it"),
}
