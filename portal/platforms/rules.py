"""What a platform may be called, and the limits of what its people do by themselves. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Text

PLATFORMS_PER_ACCOUNT = 3
INVITATION_LIFE = timedelta(days=7)
DAILY_MAILS = 20  # of one platform, and of one account for all of its own: the addresses may be strangers'
MEMBERS_AT_MOST = 50
NAME_LENGTH, RUN_BY, PURPOSE, REASON = 80, 120, 1000, 1000
SHORTEST, LONGEST = 3, 40

_FORM = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# Words by which a platform would seem to be the registry, a part of it, or an office.
RESERVED = frozenset(
    {
        *("account", "accounts", "admin", "administrator", "alert", "api", "app", "auth", "authority", "certificate", "check", "demo"),
        *("desk", "developer", "developers", "docs", "error", "example", "gate", "gov", "government", "help", "home", "identity"),
        *("internal", "licence", "live", "local", "localhost", "login", "mail", "national", "new", "null", "official", "officer"),
        *("operator", "persona", "personas", "platform", "platforms", "police", "portal", "public", "registry", "root", "sandbox"),
        *("security", "status", "support", "system", "test", "undefined", "usage", "verify", "virtual-human", "vhr", "webhook", "www"),
    }
)
_WAY = re.compile(r"://|\bwww\.|@|\.\w+/", re.IGNORECASE)
_LOOKALIKES = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SAME = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "2": "z", "8": "b", "-": ""})


def skeleton(code: str) -> str:
    """Returns what two codes share that a hurried reader takes for the same."""
    plain = code.translate(_SAME)
    for seen, meant in _LOOKALIKES:
        plain = plain.replace(seen, meant)
    return plain


def suggested(name: str) -> str:
    """Returns a code made of the name's Latin letters and digits, "" where it has too few."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    code = re.sub(r"[^a-z0-9]+", "-", plain).strip("-").lstrip("0123456789-")[:LONGEST].rstrip("-")
    return code if len(code) >= SHORTEST and _FORM.fullmatch(code) else ""


def code_problem(code: str, taken: Iterable[str]) -> Text:
    """Returns what is wrong with a new platform's code, "" if nothing is. `taken` are the codes of all others."""
    if not SHORTEST <= len(code) <= LONGEST or not _FORM.fullmatch(code):
        return _("Use 3 to 40 small letters, digits and single hyphens, a letter first.")
    if code in RESERVED or skeleton(code) in {skeleton(word) for word in RESERVED}:
        return _("This code is reserved.")
    if skeleton(code) in {skeleton(other) for other in taken}:
        return _("Another platform has this code, or one that looks like it.")
    return ""


def name_problem(name: str) -> Text:
    """Returns what is wrong with a platform's name, "" if nothing is. It stands in mails to strangers: one line, and no way elsewhere."""
    tidy = name.strip()
    if tidy and not tidy.isprintable():
        return _("Use letters and signs that can be printed.")
    if _WAY.search(tidy):
        return _("Leave addresses out of the name.")
    return text_problem(name, NAME_LENGTH)


def text_problem(text: str, longest: int) -> Text:
    """Returns what is wrong with a text that must be given, "" if nothing is."""
    tidy = text.strip()
    if not tidy:
        return _("This is needed.")
    if len(tidy) > longest:
        return _("At most %(longest)s characters.") % {"longest": longest}
    return "" if all(each.isprintable() or each in "\r\n\t" for each in tidy) else _("Use letters and signs that can be printed.")
