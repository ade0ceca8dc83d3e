"""What people read about an address that could not be reached, or that we do not send to."""

import math

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.kit.errors import TooMany

Text = str | Promise

TROUBLES: dict[str, Text] = {
    "url_malformed": _("This is not an address we can send to: leave out a user name, a password and anything behind #."),
    "not_https": _("The address must begin with https://."),
    "port_refused": _("We send to the ports 443 and 8443 only."),
    "address_refused": _("The name leads to a private, reserved or local network. We send to public addresses only."),
    "name_unknown": _("The name of the server is not known to the domain name system."),
    "proxy_refused": _("Our own way out refused the connection. Tell us about it."),
    "answer_too_large": _("The server's answer was larger than 64 KiB."),
    "timed_out": _("The server did not answer within 15 seconds."),
    "certificate_refused": _("The server's TLS certificate is for another name, has run out, or lacks its intermediate certificates."),
    "tls_failed": _("No TLS connection could be made. We need TLS 1.2 or newer."),
    "not_http": _("What came back is not HTTP."),
    "connection_failed": _("The server refused the connection, or closed it without an answer."),
    "unreachable": _("The server cannot be reached."),
}
DISABLED: dict[str, Text] = {
    "by_hand": _("Somebody of your platform disabled it."),
    "failing": _("Everything we sent to it failed for three days."),
    "gone": _("It answered 410: it told us that it is gone."),
}


def trouble(code: str) -> Text:
    """Returns the text of what went wrong on the way."""
    return TROUBLES.get(code, TROUBLES["unreachable"])


def too_many(refused: TooMany) -> str:
    """Returns what a person is told at a limit."""
    minutes = math.ceil(refused.retry_after / 60)
    text = ngettext("That was very often. Go on in %(minutes)s minute.", "That was very often. Go on in %(minutes)s minutes.", minutes)
    return text % {"minutes": minutes}
