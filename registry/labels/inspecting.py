"""What a file says of itself: every implicit label in it, judged. Asks no database and decodes no picture or sound."""

from dataclasses import dataclass
from typing import IO

from registry.labels import aigc, c2pa_reading
from registry.labels.aigc import Reading
from registry.labels.containers import kinds
from registry.labels.containers.kinds import Kind
from registry.labels.containers.source import Contents, Damaged, Found, Source
from registry.labels.findings import Finding

MOST_LABELS = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """A label, where it stands, and how it reads."""

    place: str
    reading: Reading

    @property
    def meaning(self) -> str:
        """What its attribute says, in the active language; empty if that cannot be told."""
        return str(aigc.MEANINGS.get(self.reading.fields.get("Label", ""), ""))


@dataclass(frozen=True, slots=True)
class Report:
    """The container (None if we do not know it), the labels, and what is to be said of the file."""

    kind: Kind | None
    labels: tuple[Seen, ...]
    findings: tuple[Finding, ...]

    @property
    def well_formed(self) -> bool:
        """Whether there is a label, and each one keeps to the standard."""
        return bool(self.labels) and all(seen.reading.well_formed for seen in self.labels)


def inspect(file: IO[bytes]) -> Report:
    """Returns the report on a seekable file. Never raises for what is in it; looks at no more than a bounded part."""
    source = Source(file)
    kind = kinds.recognise(source)
    if kind is None:
        return Report(None, (), (Finding("container_unknown"),))
    try:
        contents = kind.read(source)
    except Damaged:
        return Report(kind, (), (Finding("file_damaged"),))
    seen = tuple(Seen(found.place, aigc.read(found.text)) for found in contents.labels[:MOST_LABELS])
    findings = _of_file(contents)
    return Report(kind, seen, (*findings, c2pa_reading.judged(file, kind.media_type)) if contents.c2pa else findings)


def _of_file(contents: Contents) -> tuple[Finding, ...]:
    if not contents.labels:
        return (Finding("no_label"),)
    several = (Finding("labels_differ"),) if len({_normal(each) for each in contents.labels[:MOST_LABELS]}) > 1 else ()
    return (*several, Finding("labels_many")) if len(contents.labels) > MOST_LABELS else several


def _normal(found: Found) -> object:
    fields = aigc.read(found.text).fields
    return tuple(fields.items()) if fields else found.text
