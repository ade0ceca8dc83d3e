"""Which authority this site asks, by its settings."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from verification.engines.authority import alibaba, network_id, tencent, tencent_codes
from verification.engines.authority.line import Line
from verification.engines.authority.protocol import RealNameAuthority

ENDPOINTS = {"tencent": tencent.ENDPOINT, "alibaba": alibaba.ENDPOINT, "network_id": ""}
FACES = {"tencent": ("", *tencent_codes.FACE_ACTIONS), "alibaba": ("",), "network_id": ("", "1")}


def configured() -> RealNameAuthority | None:
    """Returns the authority that AUTHORITY names, or None if it names none.

    Raises ImproperlyConfigured for an unknown name, a missing key, an address that is not safe, or a face nobody takes.
    """
    name: str = settings.AUTHORITY
    if not name:
        return None
    if name not in ENDPOINTS:
        raise ImproperlyConfigured(f"AUTHORITY is one of {', '.join(ENDPOINTS)}.")
    if not (settings.AUTHORITY_KEY_ID and settings.AUTHORITY_KEY_SECRET):
        raise ImproperlyConfigured("AUTHORITY needs AUTHORITY_KEY_ID and AUTHORITY_KEY_SECRET.")
    if settings.AUTHORITY_FACE not in FACES[name]:
        raise ImproperlyConfigured(f"With AUTHORITY={name}, AUTHORITY_FACE is empty or one of {', '.join(FACES[name][1:]) or 'none'}.")
    return _built(name, _line(name))


def face_goes_to() -> str:
    """Returns the name of the authority to which faces are sent, or nothing if none takes one."""
    name: str = settings.AUTHORITY if settings.AUTHORITY_FACE else ""
    return name


def _line(name: str) -> Line:
    try:
        line = Line(settings.AUTHORITY_ENDPOINT or ENDPOINTS[name], settings.AUTHORITY_CA_FILE)
    except ValueError as error:
        raise ImproperlyConfigured(f"AUTHORITY_ENDPOINT: {error}") from error
    if ENDPOINTS[name] and line.path != "/":
        raise ImproperlyConfigured(f"AUTHORITY_ENDPOINT: {name} listens at the root of its host.")
    return line


def _built(name: str, line: Line) -> RealNameAuthority:
    key_id, secret, face = settings.AUTHORITY_KEY_ID, settings.AUTHORITY_KEY_SECRET, settings.AUTHORITY_FACE
    if name == "tencent":
        return tencent.Tencent(line, key_id, secret, face)
    if name == "alibaba":
        return alibaba.Alibaba(line, key_id, secret)
    return network_id.NetworkId(line, key_id, secret, takes_face=bool(face))
