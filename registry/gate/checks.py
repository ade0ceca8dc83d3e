"""One check: who asks, what is the verdict, write it down, answer."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts import keys, networks
from portal.accounts.callers import AddressRefused, KeyBad, OtherPlatform, ScopeMissing, secret_of
from portal.accounts.models import Environment, Scope
from portal.kit.errors import PortalError
from portal.kit.outcome import Allowed, Outcome
from registry.gate.asks import Question
from registry.gate.models import Decision
from registry.gate.projection import Key, Projection
from registry.issuing.errors import PersonaUnknown
from registry.issuing.reasons import described
from registry.issuing.registry_id import is_test, printed
from registry.issuing.verdict import Facts, verdict
from registry.sandbox import asking as sandbox

NO_TOKENS = _("The gate takes API keys only, no access tokens. Send “Authorization: Bearer vhk_live_…” with a key that has not ended.")
ANSWER_LIFE = timedelta(seconds=60)  # how long an answer may be relied on without asking again


class Stale(PortalError):
    """The gate has lost the registry: it refuses rather than guesses."""

    code = "registry_unreachable"
    status = 503
    title = _("The registry cannot be reached")
    help = _("Nothing was decided. Ask again in a few seconds.")


def authorise(projection: Projection, header: str, address: str, now: datetime) -> Key:
    """Returns the key behind an Authorization header, sent from `address`. Raises KeyBad, AddressRefused or ScopeMissing."""
    secret = secret_of(header)
    key = projection.keys.get(keys.digest(secret)) if keys.well_formed(secret) else None
    if key is None or not key.usable(now):
        raise KeyBad if secret.startswith(keys.FAMILY) else KeyBad(NO_TOKENS)
    if not networks.allow(key.networks, address):
        raise AddressRefused
    if Scope.CHECK not in key.scopes:
        raise ScopeMissing([Scope.CHECK])
    return key


def decide(projection: Projection, key: Key, question: Question, now: datetime) -> dict[str, Any]:
    """Returns the answer, journalled: a decision of the sandbox bears one of its IDs, which no registration ever has.

    Raises OtherPlatform, PersonaUnknown or Stale, and what the sandbox's IDs of trouble raise; a journal that fails raises too.
    """
    if not projection.is_fresh(now) or projection.as_of is None:
        raise Stale
    if question.ask.platform != key.platform:
        raise OtherPlatform
    outcome = verdict(_facts(projection, key, question.registry_id, now), question.ask, now)
    until = _until(outcome, now)
    _journal(key, question, outcome, now, as_of=projection.as_of, until=until)
    return _answer(key, question, outcome, as_of=projection.as_of, until=until)


def _facts(projection: Projection, key: Key, registry_id: str, now: datetime) -> Facts:
    """The registry's for a live key, the sandbox's for a test key; neither of them knows the other's personas."""
    if key.environment is Environment.TEST:
        found = sandbox.facts(registry_id, key.platform, now)
    else:
        found = None if is_test(registry_id) else projection.facts.get(registry_id)
    if found is None:
        raise PersonaUnknown
    return found


def _until(outcome: Outcome, now: datetime) -> datetime | None:
    if not isinstance(outcome, Allowed):
        return None
    return min(now + ANSWER_LIFE, outcome.until or now + ANSWER_LIFE)


def _journal(key: Key, question: Question, outcome: Outcome, now: datetime, *, as_of: datetime, until: datetime | None) -> None:
    Decision.objects.create(
        at=now,
        as_of=as_of,
        platform=key.platform,
        key=key.id,
        registry_id=question.registry_id,
        ask={"activity": question.ask.activity, "purpose": question.ask.purpose, "territory": question.ask.territory},
        allowed=isinstance(outcome, Allowed),
        reasons=[] if isinstance(outcome, Allowed) else list(outcome.reasons),
        valid_until=until,
    )


def _answer(key: Key, question: Question, outcome: Outcome, *, as_of: datetime, until: datetime | None) -> dict[str, Any]:
    allowed = isinstance(outcome, Allowed)
    return {
        "decision": "allow" if allowed else "deny",
        "reasons": [] if isinstance(outcome, Allowed) else described(outcome.reasons),
        "obligations": dict(outcome.obligations) if isinstance(outcome, Allowed) else {},
        "registry_id": printed(question.registry_id),
        "as_of": as_of.isoformat(),
        "valid_until": until.isoformat() if until else None,
        "verified_by": "gate",
        "environment": sandbox.ENVIRONMENTS[key.environment],
    }
