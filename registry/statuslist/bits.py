"""The compressed byte array of a status list (draft-ietf-oauth-status-list §4.1). Pure.

Entry i of `bits` bits stands in byte i·bits/8, the first entry in the least significant bits; the whole is compressed in a
zlib container (RFC 1950) and written in base64url without padding.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterable

BITS = 2
SIZE = 2**20  # entries of one list of ours
WIDTHS = frozenset({1, 2, 4, 8})
LARGEST = 2**24  # bytes of an inflated list of anybody's: a small text must not fill the memory
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


class ListBad(Exception):
    """A list that cannot be read, or has no such entry."""


def pack(entries: Iterable[tuple[int, int]], *, bits: int = BITS, size: int = SIZE) -> bytes:
    """Returns the bytes of a list of `size` entries; `entries` are (index, value), those not named are 0. Raises ListBad."""
    if bits not in WIDTHS or size <= 0 or size * bits % 8:
        raise ListBad("a list has 1, 2, 4 or 8 bits an entry and fills whole bytes")
    raw, each, top = bytearray(size * bits // 8), 8 // bits, (1 << bits) - 1
    for index, value in entries:
        if not (0 <= index < size and 0 <= value <= top):
            raise ListBad(f"entry {index} with value {value} does not fit")
        shift = index % each * bits
        raw[index // each] = raw[index // each] & ~(top << shift) | value << shift
    return bytes(raw)


def value_at(raw: bytes, index: int, *, bits: int = BITS) -> int:
    """Returns the value of an entry; raises ListBad outside the list: such a token must be rejected (§8.3)."""
    if bits not in WIDTHS:
        raise ListBad("a list has 1, 2, 4 or 8 bits an entry")
    each = 8 // bits
    if not 0 <= index < len(raw) * each:
        raise ListBad("the index is outside the list")
    return raw[index // each] >> index % each * bits & (1 << bits) - 1


def compress(raw: bytes) -> str:
    """Returns the member `lst`."""
    return base64.urlsafe_b64encode(zlib.compress(raw, 9)).rstrip(b"=").decode()


def decompress(lst: str, *, largest: int = LARGEST) -> bytes:
    """Returns the bytes behind `lst`, at most `largest` of them. Raises ListBad."""
    if not _BASE64URL.fullmatch(lst):
        raise ListBad("not base64url without padding")
    inflate = zlib.decompressobj()
    try:
        raw = inflate.decompress(base64.urlsafe_b64decode(lst + "=" * (-len(lst) % 4)), largest + 1)
    except (binascii.Error, zlib.error) as error:
        raise ListBad("not a zlib stream in base64url") from error
    if len(raw) > largest or not inflate.eof or inflate.unused_data:
        raise ListBad("too long, cut off, or followed by something else")
    return raw
