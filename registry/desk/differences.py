"""What an application changes against what is registered, in words and pictures."""

from dataclasses import dataclass
from typing import Any

from registry.desk import changes, wording
from registry.desk.rules import Text
from registry.issuing.models import Registration
from registry.personas import queries as personas
from registry.personas import rules as persona_rules
from registry.personas.models import Application, Portrait


@dataclass(frozen=True, slots=True)
class Picture:
    """A portrait as it was sent, with its flags in words and whether it is new against what is registered."""

    portrait: Portrait
    flags: list[Text]
    new: bool


def facts_before(application: Application) -> dict[str, Any] | None:
    """Returns the facts that stood before this application: the version before its own, else the present ones; None without any."""
    registration = Registration.objects.filter(persona=application.persona_id).first()
    if registration is None:
        return None
    own = registration.versions.filter(application=application).first()
    earlier = registration.versions.filter(number__lt=own.number) if own else registration.versions.all()
    last = earlier.order_by("-number").first()
    return dict(last.facts) if last else None


def pictures_sent(application: Application, before: dict[str, Any] | None) -> list[Picture]:
    """Returns the portraits as they were sent."""
    added = changes.pictures(before, application.facts).added if before else frozenset()
    flags = persona_rules.TO_OFFICER
    return [
        Picture(each, [flags[flag] for flag in persona_rules.Flag if flag in each.flags], str(each.pk) in added)
        for each in personas.portraits_sent(application)
    ]


def portraits_removed(application: Application, before: dict[str, Any] | None) -> list[Portrait]:
    """Returns the portraits that stood before and were not sent again."""
    gone = changes.pictures(before, application.facts).removed if before else frozenset()
    return list(Portrait.kept.filter(pk__in=gone))


def facts_changed(application: Application, before: dict[str, Any] | None, platforms: dict[str, str]) -> list[tuple[Text, str, str]]:
    """Returns (label, before, after) of each fact that differs."""
    found = changes.changes(before, application.facts) if before else []
    return [
        (wording.field(each.field), wording.value(each.field, each.before, platforms), wording.value(each.field, each.after, platforms))
        for each in found
    ]
