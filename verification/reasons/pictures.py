"""Uploads that give no picture."""

from django.utils.translation import gettext_lazy as _

from verification.reasons.kinds import OTHER_FILE, Kind, Reason

PICTURES = (
    Reason("empty", Kind.RETRY, _("The file is empty."), OTHER_FILE, _("Empty upload.")),
    Reason("too_large", Kind.RETRY, _("The file is larger than 10 MB."), _("Take a new one, or save it smaller."), _("Over 10 MB.")),
    Reason("not_a_picture", Kind.RETRY, _("This file is not a picture."), OTHER_FILE, _("Not a picture.")),
    Reason(
        "unsupported_format",
        Kind.RETRY,
        _("We cannot read this kind of picture."),
        _("Save it as JPEG and send it again."),
        _("Picture format not accepted."),
    ),
    Reason(
        "too_many_pixels",
        Kind.RETRY,
        _("The picture has more than 40 million pixels."),
        _("Take the picture with a lower resolution, or save this one smaller."),
        _("Over 40 megapixels."),
    ),
    Reason(
        "damaged",
        Kind.RETRY,
        _("The picture is damaged or was not sent completely."),
        _("Send it again; if that does not help, take a new one."),
        _("Could not be decoded."),
    ),
    Reason(
        "too_demanding",
        Kind.RETRY,
        _("The picture takes too much memory or time to open."),
        _("Take a new one with the camera, or save this one as JPEG."),
        _("Decoding went beyond its limits and was stopped."),
    ),
    Reason(
        "busy",
        Kind.RETRY,
        _("We could not look at the picture just now."),
        _("There is nothing wrong with it. Send it again in a minute."),
        _("No process for decoding could be started."),
    ),
)
