"""What an answer says to people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.certificates.verifying import Way

Text = str | Promise

PROBLEMS: dict[str, Text] = {
    "malformed": _("This is not a certificate, or it was damaged: it cannot be read."),
    "header_refused": _("The certificate names keys or rules of its own. Ours never do: it is not ours."),
    "algorithm_refused": _("The certificate is signed in another way than ours: it is not ours."),
    "type_wrong": _("This is a signed token, but not a certificate."),
    "key_unknown": _("It was signed by a key that is not, or no longer, one of ours."),
    "signature_wrong": _("The signature is wrong: the certificate was changed, or it is not ours."),
    "issuer_wrong": _("It was issued by another registry."),
    "vct_wrong": _("This is a signed statement of another kind, not a certificate of registration."),
    "claims_missing": _("Something that every certificate says is missing."),
    "not_yet_valid": _("The certificate is not valid yet."),
    "expired": _("The certificate has run out. A newer one may stand on the public record."),
    "not_recorded": _("The signature is ours, but this certificate was never recorded. Please tell us about it."),
    "page_altered": _(
        "The certificate in this file is genuine, but the page around it is not the one we issued: what you read on it may have been "
        "changed. Below is what the certificate itself says."
    ),
    "suspended": _("The registration is suspended: somebody has a reason to stop this virtual human."),
    "invalid": _("The registration has ended or run out."),
    "unknown": _("Nothing is registered under this ID."),
}
LIST: Text = _("The certificate is genuine, but whether it still counts cannot be told now. Ask again in a minute.")
WAYS: dict[Way, Text] = {
    Way.REGISTRY: _("By asking the registry itself"),
    Way.STATUS_LIST: _("By the certificate's signature and the published status list"),
    Way.CERTIFICATE: _("By the certificate alone"),
}


def problem(code: str) -> Text:
    """Returns the text of a problem's code."""
    return PROBLEMS.get(code, LIST)
