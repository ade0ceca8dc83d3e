"""Writing the label into a copy of a file, and reading it back before anybody gets the copy."""

import tempfile
from contextlib import ExitStack
from typing import IO

from django.utils.translation import gettext_lazy as _

from portal.kit.errors import Conflict, Invalid, PortalError
from registry.labels import remuxing
from registry.labels.aigc import Label
from registry.labels.containers import kinds
from registry.labels.containers.kinds import Kind
from registry.labels.containers.source import Damaged, NotWritable, Source


class UnknownContainer(PortalError):
    """A kind of file that we cannot label."""

    code = "container_unknown"
    status = 415
    title = _("We cannot label this kind of file")
    help = _("Send a PNG, JPEG, WebP, MP4, MOV, MKV, WebM, FLV, AVI, MP3 or WAV file.")


class NeedsTool(PortalError):
    """Only a program that is missing here can rewrite this file."""

    code = "tool_missing"
    status = 501
    title = _("This file needs ffmpeg, and this server has none")
    help = _("Label it with ffmpeg yourself (the label kit shows how), or ask the administrator to install ffmpeg.")


class NotPossible(PortalError):
    """The file is built in a way that leaves no safe place for a label."""

    code = "not_writable"
    status = 422
    title = _("This file cannot be labelled as it is")
    help = _("It is built in an unusual way. Save it once more with the program that made it, and try again.")


class AlreadyLabelled(Conflict):
    """Labels may not be altered (Labelling Measures art. 10): a second writer would hide the first."""

    code = "already_labelled"
    title = _("This file bears a label already")
    help = _("A label may not be changed or covered by another one. Label the original file, before anybody else did.")


class DamagedFile(Invalid):
    """The file does not keep to its own format."""

    code = "file_damaged"
    title = _("This file is damaged")
    help = _("It is cut off or does not keep to its format. Save it once more, and try again.")


class NotKept(PortalError):
    """The label did not stand in the copy when it was read back; the copy is not given out."""

    code = "not_kept"
    status = 422
    title = _("The label did not stay in the file")
    help = _("We wrote it and could not read it back, so we give you no file. Save the file once more, and try again.")


def apply(file: IO[bytes], label: Label) -> tuple[Kind, IO[bytes]]:
    """Returns the container and an open, unnamed copy of the file that bears the label, proved by reading it back.

    Raises UnknownContainer, AlreadyLabelled, DamagedFile, NeedsTool, NotPossible or NotKept; closes the copy if it does.
    """
    source = Source(file)
    kind = kinds.recognise(source)
    if kind is None:
        raise UnknownContainer
    with ExitStack() as undo:
        copy = undo.enter_context(tempfile.TemporaryFile())
        try:
            _copy(source, file, kind, label.as_json(), copy)
            _check(copy, kind, label.as_json())
        except Damaged as error:
            raise DamagedFile from error
        copy.seek(0)
        undo.pop_all()
    return kind, copy


def _copy(source: Source, file: IO[bytes], kind: Kind, label: str, copy: IO[bytes]) -> None:
    if kind.read(source).labels:
        raise AlreadyLabelled
    try:
        pieces = kind.write(source, label)
    except NotWritable as refusal:
        _by_tool(refusal, file, kind, label, copy)
        return
    for block in source.copied(pieces):
        copy.write(block)
    copy.flush()


def _by_tool(refusal: NotWritable, file: IO[bytes], kind: Kind, label: str, copy: IO[bytes]) -> None:
    if not refusal.tool or not kind.muxer:
        raise NotPossible
    if not remuxing.available():
        raise NeedsTool
    remuxing.rewrite(file, kind, label, copy)


def _check(copy: IO[bytes], kind: Kind, label: str) -> None:
    source = Source(copy)
    found = kind.read(source).labels
    if kinds.recognise(source) is not kind or [each.text for each in found] != [label]:
        raise NotKept
