"""What can be said of a label or of a file, as stable codes with a text. A fault makes a label malformed; a remark does not. Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FAULTS: dict[str, str | Promise] = {
    "not_json": _("The label is not JSON text."),
    "base64": _("The label is coded as Base64. In a file it must be plain JSON."),
    "not_an_object": _("The label is not a JSON object."),
    "too_long": _("The label is longer than any label is."),
    "field_twice": _("This field stands in the label twice."),
    "field_missing": _("This field is missing."),
    "field_not_text": _("This must be a text, in quotation marks, even if it is a number."),
    "label_value": _("This must be “1” (made by AI), “2” (may be) or “3” (suspected)."),
    "characters": _("This has a character that the standard does not allow: spaces, quotation marks, backslashes, Chinese."),
    "empty": _("This must not be empty."),
    "provider_code": _("This looks like a provider code of 27 characters, but the credit code in it has a wrong check digit or form."),
}
REMARKS: dict[str, str | Promise] = {
    "field_unknown": _("The standard knows no such field."),
    "propagator_empty": _("This is empty. On the first write it repeats the producer's."),
    "no_label": _("The file bears no implicit label that we can read."),
    "labels_differ": _("The file bears several labels, and they say different things."),
    "labels_many": _("The file bears more labels than we look at."),
    "container_unknown": _("We do not know this kind of file, so we cannot say whether it bears a label."),
    "file_damaged": _("The file is damaged or cut off, so we cannot say whether it bears a label."),
    "c2pa_not_checked": _("The file carries a C2PA manifest, which this server cannot check."),
    "c2pa_invalid": _("The file carries a C2PA manifest that does not fit the file, or whose signature is not valid."),
    "c2pa_valid": _("The file carries a C2PA manifest that fits the file."),
    "registration_not_active": _("The registration that the label names is not in force at present."),
    "producer_other": _("The label names this registration, but a producer who is not the one that answers for it."),
    "registration_other": _("The label does not name the registration that was asked about."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a label or a file: a stable code, and the field it is about, if it is about one."""

    code: str
    field: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether the label is not well formed for it."""
        return self.code in FAULTS

    @property
    def text(self) -> str:
        """What the reader is told, in the active language."""
        return str(FAULTS[self.code] if self.is_fault else REMARKS[self.code])

    def as_dict(self) -> dict[str, object]:
        """Returns the finding for a program."""
        return {"code": self.code, "field": self.field or None, "fault": self.is_fault, "text": self.text}
