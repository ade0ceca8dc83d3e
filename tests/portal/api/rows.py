"""What the tests of the API need: a platform with a key, and questions with it."""

import json
from typing import Any

from django.test import Client

from portal.access.actor import CONSOLE
from portal.accounts import services as accounts
from portal.accounts.callers import Caller, caller_of
from portal.accounts.models import ApiKey, Platform, Scope
from portal.kit import clock


class Calling:
    """A platform that calls the API by its key."""

    def __init__(self, code: str, *scopes: Scope, platform: Platform | None = None, **more: Any) -> None:
        now = clock.now()
        self.platform = platform or accounts.create_platform(actor=CONSOLE, code=code, name=code, now=now)
        named: dict[str, Any] = {"actor": CONSOLE, "platform": self.platform, "name": "k", "now": now}
        key, self.secret = accounts.issue_key(scopes=list(scopes or Scope), **named, **more)
        self.key: ApiKey = key

    @property
    def bearer(self) -> dict[str, str]:
        """The header that shows the key."""
        return {"Authorization": f"Bearer {self.secret}"}

    @property
    def caller(self) -> Caller:
        """Who this is to the API."""
        return caller_of(self.bearer["Authorization"], now=clock.now())

    def get(self, path: str, **headers: str) -> Any:
        """Returns the answer to a reading."""
        return Client().get(f"/api/v1/{path}", headers={**self.bearer, **headers})

    def send(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, kind: str = "application/json", **headers: str
    ) -> Any:
        """Returns the answer to a request with a body, if one is given. `_` in a header's name stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client = Client()
        if raw is None and body is None:
            return client.generic(method, f"/api/v1/{path}", headers={**self.bearer, **named})
        sent = raw if raw is not None else _json(body)
        return client.generic(method, f"/api/v1/{path}", sent, content_type=kind, headers={**self.bearer, **named})


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()
