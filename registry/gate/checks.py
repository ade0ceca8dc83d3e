"""One check: who asks, what is the verdict, write it down, answer."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts import keys, networks
from portal.accounts.callers import AddressRefused, KeyBad, LiveKeyNeeded, OtherPlatform, ScopeMissing, secret_of
from portal.accounts.models import Environment, Scope
from portal.kit.errors import NotFound, PortalError
from portal.kit.outcome import Allowed, Outcome
from registry.gate.asks import Question
from registry.gate.models import Decision
from registry.gate.projection import Key, Projection
from registry.issuing.reasons import described
from registry.issuing.registry_id import printed
from registry.issuing.verdict import verdict

NO_TOKENS = _("The gate takes API keys only, no access tokens. Send “Authorization: Bearer vhk_live_…” with a key that has not ended.")
ANSWER_LIFE = timedelta(seconds=60)  # how long an answer may be relied on without asking again


class PersonaUnknown(NotFound):
    """No registration has this ID."""

    code = "persona_unknown"
    title = _("No persona is registered under this ID")
    help = _("Ask the operator for the registry ID on their persona's page.")


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
    """Returns the answer, journalled. Raises OtherPlatform, PersonaUnknown or Stale; a journal that fails raises too."""
    if key.environment is Environment.TEST:
        raise LiveKeyNeeded  # the one place where the sandbox takes over
    if not projection.is_fresh(now) or projection.as_of is None:
        raise Stale
    if question.ask.platform != key.platform:
        raise OtherPlatform
    facts = projection.facts.get(question.registry_id)
    if facts is None:
        raise PersonaUnknown
    outcome = verdict(facts, question.ask, now)
    until = _until(outcome, now)
    _journal(key, question, outcome, now, as_of=projection.as_of, until=until)
    return _answer(question, outcome, as_of=projection.as_of, until=until)


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


def _answer(question: Question, outcome: Outcome, *, as_of: datetime, until: datetime | None) -> dict[str, Any]:
    allowed = isinstance(outcome, Allowed)
    return {
        "decision": "allow" if allowed else "deny",
        "reasons": [] if isinstance(outcome, Allowed) else described(outcome.reasons),
        "obligations": dict(outcome.obligations) if isinstance(outcome, Allowed) else {},
        "registry_id": printed(question.registry_id),
        "as_of": as_of.isoformat(),
        "valid_until": until.isoformat() if until else None,
        "verified_by": "gate",
    }
