"""The label in an XMP packet: `TC260:AIGC` in the namespace of TC260, as an element or as an attribute (TC260-PG-20259A)."""

import re
import zlib
from xml.parsers import expat
from xml.sax.saxutils import escape

from registry.labels.containers.source import Damaged, NotWritable

NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LARGEST = 1024 * 1024  # bytes of a packet that are read
_NAME = f"{NAMESPACE} AIGC"
_END = re.compile(rb"</[A-Za-z_][\w.-]*:RDF\s*>")


class _Collector:
    """Gathers the label's texts while expat reads."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._inside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _NAME in attributes:
            self.found.append(attributes[_NAME])
        if name == _NAME and not self._inside:
            self.found.append("")
        if name == _NAME or self._inside:
            self._inside += 1

    def end(self, _name: str) -> None:
        self._inside = max(self._inside - 1, 0)

    def text(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data

    def refuse(self, *_ignored: object) -> None:
        raise Damaged  # a document type is how entities blow up


def read(packet: bytes) -> list[str]:
    """Returns the text of every label in the packet. Raises Damaged if it is not XML, is too large, or declares a document type."""
    if len(packet) > LARGEST:
        raise Damaged
    collector, parser = _Collector(), expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = collector.start, collector.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = collector.text, collector.refuse
    try:
        parser.Parse(packet.strip(b"\0 \t\r\n"), True)
    except (expat.ExpatError, ValueError) as error:
        raise Damaged from error
    return [text.strip() for text in collector.found]


def _description(label: str) -> bytes:
    value = escape(label, {'"': "&quot;"})
    return (
        f'<rdf:Description xmlns:rdf="{RDF}" rdf:about="" xmlns:TC260="{NAMESPACE}"><TC260:AIGC>{value}</TC260:AIGC></rdf:Description>'
    ).encode()


def packet(label: str) -> bytes:
    """Returns a packet that holds the label and nothing else."""
    begin = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'.encode()
    return begin + f'<rdf:RDF xmlns:rdf="{RDF}">'.encode() + _description(label) + b'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'


def with_label(packet: bytes, label: str) -> bytes:
    """Returns the packet with the label added, everything else as it was. Raises NotWritable if there is no place for it."""
    ends = list(_END.finditer(packet))
    if not ends:
        raise NotWritable
    place = ends[-1].start()
    return packet[:place] + _description(label) + packet[place:]


def unpacked(data: bytes) -> bytes:
    """Returns zlib-compressed data unpacked. Raises Damaged if they are broken, cut off, or larger than a packet may be."""
    worker = zlib.decompressobj()
    try:
        out = worker.decompress(data, LARGEST)
    except zlib.error as error:
        raise Damaged from error
    if not worker.eof:
        raise Damaged
    return out
