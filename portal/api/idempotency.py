"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that is repeated is answered again, not done again.

The key is written down before the work begins, and the answer in the transaction of the work: killed in between, nothing was
done, and once the lease is over the request may be repeated. Only what was done is kept; after a refusal the key is free again.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from rest_framework.response import Response

from portal.accounts.callers import Caller
from portal.api.errors import KeyInFlight, KeyMalformed, KeyReused
from portal.api.models import Promise

LEASE = timedelta(minutes=2)  # longer than any request takes
KEPT = timedelta(hours=24)
REPLAYED = "Idempotency-Replayed"
_KEPT_HEADERS = ("Location", "ETag", "Cache-Control")
# A Structured Field string (RFC 9651 §3.3.3), or the same bare, as most send it.
_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BARE = re.compile(r"[!#-+\--:<-\[\]-~]+")
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Request:
    """A request under a key."""

    caller: Caller
    key: str
    fingerprint: str


def read(header: str) -> str:
    """Returns the key of the header field, which may stand in quotation marks. Raises KeyMalformed."""
    quoted = _STRING.fullmatch(header.strip(" "))
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else header.strip(" ")
    if not 0 < len(key) <= _LONGEST or not (quoted or _BARE.fullmatch(key)):
        raise KeyMalformed
    return key


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Returns by what a request is known again: SHA-256, as hexadecimal."""
    return hashlib.sha256(f"{method} {path} {hashlib.sha256(body).hexdigest()}".encode()).hexdigest()


def once(request: Request, work: Callable[[], Response], *, now: datetime, atomic: bool = True) -> Response:
    """Returns the answer of `work`, which is done at most once under a key. Raises KeyReused or KeyInFlight.

    `atomic=False` is for work that waits for another server: it holds no transaction open meanwhile, and must bear being
    done twice.
    """
    promise = _claim(request, now)
    if promise.status is not None:
        return _repeated(promise)
    try:
        with transaction.atomic() if atomic else nullcontext():
            answer = work()
            _keep(promise, answer)
    except BaseException:
        _free(promise)
        raise
    return answer


def _claim(request: Request, now: datetime) -> Promise:
    promise = Promise(
        platform_id=request.caller.platform_id,
        credential=request.caller.credential,
        key=request.key,
        fingerprint=request.fingerprint,
        leased_until=now + LEASE,
        created_at=now,
    )
    try:
        with transaction.atomic():
            promise.save(force_insert=True)
    except IntegrityError:
        return _claimed_before(request, now)
    return promise


@transaction.atomic
def _claimed_before(request: Request, now: datetime) -> Promise:
    """The row of the first request: answered, or ours where whoever held it was killed."""
    found = Promise.objects.select_for_update().filter(credential=request.caller.credential, key=request.key).first()
    if found is None:
        raise KeyInFlight  # it was refused and freed at this moment
    if found.fingerprint != request.fingerprint:
        raise KeyReused
    if found.status is None:
        if found.leased_until > now:
            raise KeyInFlight
        found.holder, found.leased_until = uuid.uuid4(), now + LEASE
        found.save(update_fields=["holder", "leased_until"])
    return found


@transaction.atomic
def _keep(promise: Promise, answer: Response) -> None:
    """Raises KeyInFlight, and so undoes the work, if the lease was over and somebody else is at it."""
    mine = Promise.objects.select_for_update().filter(pk=promise.pk, holder=promise.holder, status=None).first()
    if mine is None:
        raise KeyInFlight
    mine.status = answer.status_code
    mine.headers = {name: answer[name] for name in _KEPT_HEADERS if name in answer}
    mine.body = json.dumps(answer.data)
    mine.save(update_fields=["status", "headers", "body"])


@transaction.atomic
def _free(promise: Promise) -> None:
    mine = Promise.objects.select_for_update().filter(pk=promise.pk, holder=promise.holder, status=None).first()
    if mine is not None:
        forget(mine)


def forget(promise: Promise) -> None:
    """Takes a promise away with the key of its answer, which no other row needs: of each request a destroyed key would stay for ever."""
    key = promise.data_key
    promise.delete()
    key.delete()


def _repeated(promise: Promise) -> Response:
    data = json.loads(promise.body or "null")
    return Response(data, status=promise.status, headers={**promise.headers, REPLAYED: "true"})
