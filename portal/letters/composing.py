"""What a letter says: each room declares, in its module `letters`, how the kinds about its own rows are composed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from portal.letters.models import Letter


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is sent."""

    subject: str
    text: str
    address: str


# Returns None for a letter that is out of date: it is not sent.
Composer = Callable[[Letter], Mail | None]
_composers: dict[str, Composer] = {}


def composer(*kinds: str) -> Callable[[Composer], Composer]:
    """Declares the decorated function as the composer of these kinds. It runs in the language of the letter."""

    def declare(compose: Composer) -> Composer:
        _composers.update(dict.fromkeys(kinds, compose))
        return compose

    return declare


def composer_of(kind: str) -> Composer:
    """Returns the composer of a kind; raises LookupError for a kind that no room declares."""
    return _composers[kind]


def compose(letter: Letter) -> Mail | None:
    """Returns the mail in the language of its receiver, or None if it is out of date."""
    with translation.override(letter.language):
        return composer_of(letter.kind)(letter)


def mail(*, to: str, subject: object, template: str, path: str, **context: Any) -> Mail:
    """Returns a mail of a plain-text template, which is given `link` and `site` beside the context."""
    addresses = {"link": settings.SITE_URL + path, "site": settings.SITE_URL}
    text = render_to_string(template, context | addresses).strip() + "\n"
    return Mail(str(subject), text, to)
