"""What is sent with a file. Strict: a parameter that we do not know is refused."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Invalid, Text
from registry.issuing import registry_id
from registry.issuing.errors import IdMalformed
from registry.issuing.verdict import Ask
from registry.labels import aigc

ACTIVITIES = ("live", "upload")
QUESTION = ("registry_id", "platform", "activity", "purpose", "territory")
APPLY = ("registry_id", "content_number")
_LONGEST = 64


class FileForm(forms.Form):
    """One file to look at."""

    file = forms.FileField(
        label=_("Picture, video or sound"),
        help_text=_("PNG, JPEG, WebP, MP4, MOV, MKV, WebM, FLV, AVI, MP3 or WAV, up to 64 megabytes. It is not kept."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )


class ApplyForm(FileForm):
    """One file to label, with the creator's own number of the content."""

    content_number = forms.CharField(
        label=_("Your number for this content"),
        max_length=aigc.LONGEST_NUMBER,
        help_text=_("Every piece of content gets a number of its own. Letters, digits and signs; no spaces, no Chinese."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the content a number.")},
    )

    field_order = ("file", "content_number")

    def clean_content_number(self) -> str:
        """Refuses what the standard does not allow in a label."""
        number: str = self.cleaned_data["content_number"]
        if not aigc.allowed(number):
            raise forms.ValidationError(_("Use letters, digits and signs, without spaces, quotation marks, backslashes and Chinese."))
        return number


@dataclass(frozen=True, slots=True)
class Question:
    """A question for the verdict: which registration (canonical ID), and what is to happen."""

    registry_id: str
    ask: Ask


def file_of(request: HttpRequest) -> "UploadedFile[Any]":
    """Returns the one file of a multipart request. Raises Invalid."""
    files = [(name, each) for name, several in request.FILES.lists() for each in several]
    if [name for name, _each in files] != ["file"] or not isinstance(files[0][1], UploadedFile):
        raise Invalid(_("Send exactly one file, as the part “file” of a multipart form."), errors={"file": _("This member is required.")})
    if not files[0][1].size:
        raise Invalid(_("This file is empty."), errors={"file": _("This file is empty.")})
    return files[0][1]


def parameters(request: HttpRequest, allowed: tuple[str, ...]) -> dict[str, str]:
    """Returns the other parts of the form. Raises Invalid for one that is unknown, doubled, too long or not printable."""
    errors: dict[str, Text] = {name[:_LONGEST]: _("This member is not known.") for name in request.GET}
    for name, values in request.POST.lists():
        if name not in (*allowed, "csrfmiddlewaretoken"):
            errors[name[:_LONGEST]] = _("This member is not known.")
        elif len(values) != 1 or not 0 < len(values[0]) <= _LONGEST or not values[0].isprintable():
            errors[name] = _("This must be a text of 1 to 64 characters.")
    if errors:
        raise Invalid(_("The question has members that cannot be used."), errors=errors)
    return {name: request.POST[name] for name in allowed if name in request.POST}


def canonical(text: str) -> str:
    """Returns the canonical registry ID of one as typed. Raises IdMalformed for what cannot be one."""
    found = registry_id.canonical(text)
    if found is None:
        raise IdMalformed
    return found


def question(given: dict[str, str]) -> Question | None:
    """Returns the question for the verdict; None if none was asked. Raises Invalid for half of one."""
    if not given:
        return None
    errors: dict[str, Text] = {name: _("This member is required.") for name in QUESTION[:3] if name not in given}
    if given.get("activity", ACTIVITIES[0]) not in ACTIVITIES:
        errors["activity"] = _("This must be “live” or “upload”.")
    if errors:
        raise Invalid(_("The question has members that cannot be used."), errors=errors)
    ask = Ask(given["platform"], given["activity"], given.get("purpose"), given.get("territory"))
    return Question(canonical(given["registry_id"]), ask)


def content_number(given: dict[str, str]) -> str:
    """Returns the caller's number of the content. Raises Invalid if it is missing or has characters no label may have."""
    if not aigc.allowed(given.get("content_number", "")) or not given.get("content_number"):
        text = _("Use letters, digits and signs, without spaces, quotation marks, backslashes and Chinese.")
        raise Invalid(text, errors={"content_number": text})
    return given["content_number"]
