"""One check: who asks, what is the verdict, write it down, answer."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.accounts import keys
from portal.accounts.models import Scope
from portal.kit.errors import Forbidden, NotFound, PortalError, Unauthenticated
from portal.kit.outcome import Allowed, Outcome
from registry.gate.asks import Question
from registry.gate.models import Decision
from registry.gate.projection import Key, Projection
from registry.issuing.reasons import described
from registry.issuing.registry_id import printed
from registry.issuing.verdict import verdict

ANSWER_LIFE = timedelta(seconds=60)  # how long an answer may be relied on without asking again


class KeyBad(Unauthenticated):
    """No key, or none that counts."""

    code = "key_bad"
    title = _("The API key is not valid")
    help = _("Send “Authorization: Bearer vhk_live_…” with a key that has not expired or been revoked.")


class ScopeMissing(Forbidden):
    """The key may not ask this."""

    code = "scope_missing"
    title = _("The API key may not do this")
    help = _("Use a key that has the scope gate:check.")


class OtherPlatform(Forbidden):
    """The key belongs to another platform than the one named."""

    code = "platform_mismatch"
    title = _("The API key belongs to another platform")
    help = _("A key asks for its own platform only.")


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


def authorise(projection: Projection, header: str, now: datetime) -> Key:
    """Returns the key behind an Authorization header. Raises KeyBad or ScopeMissing."""
    scheme, _space, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not keys.well_formed(secret.strip()):
        raise KeyBad
    key = projection.keys.get(keys.digest(secret.strip()))
    if key is None or not key.usable(now):
        raise KeyBad
    if Scope.CHECK not in key.scopes:
        raise ScopeMissing
    return key


def decide(projection: Projection, key: Key, question: Question, now: datetime) -> dict[str, Any]:
    """Returns the answer, journalled. Raises OtherPlatform, PersonaUnknown or Stale; a journal that fails raises too."""
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
