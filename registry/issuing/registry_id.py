"""The registry ID: `VH-` and 11 random Crockford base-32 characters with one ISO 7064 MOD 37-2 check character.

Drawn again until the check character falls in Crockford's alphabet, so that an ID is twelve letters a person can read
aloud. The canonical form is those twelve, without `VH-` and hyphens. IDs that begin with `TEST` are the sandbox's: none of
them is ever drawn for a registration. Pure.
"""

import secrets
import unicodedata

from stdnum.iso7064 import mod_37_2

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
BODY = 11
TEST = "TEST"
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_SEPARATORS = str.maketrans(dict.fromkeys(" -\u2010\u2011\u2012\u2013\u2014\u2212_\t", ""))


def draw() -> str:
    """Returns a new canonical ID: 55 random bits and a check character; none of the sandbox's."""
    while True:
        drawn = of_body("".join(secrets.choice(ALPHABET) for _ in range(BODY)))
        if drawn and not is_test(drawn):
            return drawn


def of_body(body: str) -> str | None:
    """Returns the canonical ID of eleven characters of the alphabet: they and their check character.

    None if they are not eleven, one is not in the alphabet, or the check character is not.
    """
    if len(body) != BODY or not set(body) <= set(ALPHABET):
        return None
    check = mod_37_2.calc_check_digit(body)
    return body + check if check in ALPHABET else None


def is_test(canonical_id: str) -> bool:
    """Returns whether a canonical ID is one of the sandbox's."""
    return canonical_id.startswith(TEST)


def canonical(text: str) -> str | None:
    """Returns the twelve characters of an ID as people type it (case, hyphens, full width, I/L for 1, O for 0).

    None if it cannot be an ID: wrong length, a character that is not in the alphabet, or a wrong check character.
    """
    letters = unicodedata.normalize("NFKC", text[:64]).upper().translate(_SEPARATORS)
    if len(letters) == BODY + 3 and letters.startswith("VH"):
        letters = letters[2:]
    letters = letters.translate(_LOOKALIKES)
    if len(letters) != BODY + 1 or not set(letters) <= set(ALPHABET):
        return None
    return letters if mod_37_2.is_valid(letters) else None


def printed(canonical_id: str) -> str:
    """Returns the ID as it is shown: `VH-XXXX-XXXX-XXXX`."""
    return f"VH-{canonical_id[:4]}-{canonical_id[4:8]}-{canonical_id[8:]}"
