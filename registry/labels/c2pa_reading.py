"""C2PA: what the optional library `c2pa-python` says of a manifest that a reader of ours found in the file."""

import json
import logging
from importlib import import_module
from importlib.util import find_spec
from typing import IO, Any

from registry.labels.findings import Finding

c2pa: Any = import_module("c2pa") if find_spec("c2pa") else None
if c2pa is not None:
    c2pa.load_settings({"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}})  # a file may not send us anywhere

_logger = logging.getLogger(__name__)
_VALID = ("Valid", "Trusted")


def judged(file: IO[bytes], media_type: str) -> Finding:
    """Returns whether the embedded manifest fits the file; without the library, that nobody looked."""
    if c2pa is None:
        return Finding("c2pa_not_checked")
    file.seek(0)
    try:
        with c2pa.Reader(media_type, file) as reader:
            state = json.loads(reader.json()).get("validation_state")
    except Exception:  # the library raises many kinds, and a broken manifest is no fault of ours
        _logger.info("a C2PA manifest could not be read", exc_info=True)
        return Finding("c2pa_invalid")
    return Finding("c2pa_valid" if state in _VALID else "c2pa_invalid")
