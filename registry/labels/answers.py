"""The answers of the label addresses, as values for JSON."""

from datetime import datetime, timedelta
from typing import Any

from portal.accounts.models import Environment
from portal.kit.outcome import Allowed
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.reasons import described
from registry.issuing.verdict import Facts, verdict
from registry.labels import queries
from registry.labels.findings import Finding
from registry.labels.forms import Question
from registry.labels.inspecting import Report, Seen
from registry.labels.queries import Owner
from registry.sandbox import asking as sandbox

ANSWER_LIFE = timedelta(seconds=60)  # how long a verdict may be relied on without asking again


def of_report(report: Report, now: datetime) -> dict[str, Any]:
    """Returns the container, the labels with whose they are, and the findings."""
    kind = report.kind
    return {
        "container": kind.name if kind else None,
        "media_type": kind.media_type if kind else None,
        "labelled": bool(report.labels),
        "well_formed": report.well_formed,
        "labels": [_label(seen, queries.owner_of(seen.reading.fields, now)) for seen in report.labels],
        "findings": _findings(report.findings),
    }


def _label(seen: Seen, owner: Owner | None) -> dict[str, Any]:
    return {
        "place": seen.place,
        "AIGC": seen.reading.fields,
        "meaning": seen.meaning or None,
        "well_formed": seen.reading.well_formed,
        "findings": _findings((*seen.reading.findings, *(owner.findings if owner else ()))),
        "owner": {"registry_id": owner.printed_id, "status": owner.status, "record": owner.record} if owner else None,
    }


def _findings(findings: tuple[Finding, ...]) -> list[dict[str, object]]:
    return [finding.as_dict() for finding in findings]


def of_verdict(question: Question, environment: Environment, now: datetime) -> dict[str, Any] | None:
    """Returns what the gate would answer, from the database at this moment, or from the sandbox's personas; None if there is
    nobody with this ID. Raises what the sandbox's IDs of trouble raise."""
    facts = _facts(question, environment, now)
    if facts is None:
        return None
    outcome = verdict(facts, question.ask, now)
    allowed = outcome if isinstance(outcome, Allowed) else None
    return {
        "decision": "allow" if allowed else "deny",
        "reasons": [] if isinstance(outcome, Allowed) else described(outcome.reasons),
        "obligations": dict(allowed.obligations) if allowed else {},
        "registry_id": ids.printed(question.registry_id),
        "as_of": now.isoformat(),
        "valid_until": min(now + ANSWER_LIFE, allowed.until or now + ANSWER_LIFE).isoformat() if allowed else None,
        "verified_by": "database",
        "environment": sandbox.ENVIRONMENTS[environment],
    }


def _facts(question: Question, environment: Environment, now: datetime) -> Facts | None:
    if environment is Environment.TEST:
        return sandbox.facts(question.registry_id, question.ask.platform, now)
    registration = queries.registration_called(question.registry_id)
    return issuing.facts_of(registration) if registration else None


def names_another(answer: dict[str, Any], question: Question) -> bool:
    """Returns whether the file's labels leave out the registration that was asked about."""
    printed = ids.printed(question.registry_id)
    return not any(label["owner"] and label["owner"]["registry_id"] == printed for label in answer["labels"])
