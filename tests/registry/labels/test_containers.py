"""Labels in containers: what is written is read, nothing else moves, and no file keeps the reader busy."""

import contextlib
import io
import json
import struct
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from registry.labels import inspecting
from registry.labels.aigc import first_write
from registry.labels.containers import kinds, xmp
from registry.labels.containers.kinds import Kind
from registry.labels.containers.source import Contents, Damaged, NotWritable, Source
from tests.hostile import chunk as png_chunk
from tests.registry.labels import files

LABEL = first_write(producer="001191440300708461136T1XGW3", produce_id="VH-1.&<'>").as_json()
PLAIN = files.plain()


def kind_of(data: bytes) -> Kind:
    """Returns the container of a file."""
    kind = kinds.recognise(Source(io.BytesIO(data)))
    assert kind is not None
    return kind


def read(data: bytes) -> Contents:
    """Returns what stands in a file."""
    return kind_of(data).read(Source(io.BytesIO(data)))


def labelled(data: bytes, label: str = LABEL) -> bytes:
    """Returns the file with a label."""
    source = Source(io.BytesIO(data))
    return b"".join(source.copied(kind_of(data).write(source, label)))


@pytest.mark.parametrize("name", PLAIN)
def test_a_label_is_read_as_it_was_written(name: str) -> None:
    assert read(PLAIN[name]).labels == ()
    copy = labelled(PLAIN[name])
    assert [found.text for found in read(copy).labels] == [LABEL]
    assert kind_of(copy).name == name.split()[0].rstrip(",")


@pytest.mark.parametrize("name", [name for name in PLAIN if name.split()[0] in ("PNG", "JPEG", "WebP")])
def test_a_picture_stays_the_same_to_the_last_pixel(name: str) -> None:
    before, after = (Image.open(io.BytesIO(data)) for data in (PLAIN[name], labelled(PLAIN[name])))
    assert (before.size, before.mode, before.tobytes()) == (after.size, after.mode, after.tobytes())
    assert (b"kept" in labelled(PLAIN[name])) == name.endswith("XMP")


@pytest.mark.parametrize("name", [name for name in PLAIN if name.split()[0].rstrip(",") in ("MP4", "MOV")])
def test_a_movies_index_still_points_at_its_samples(name: str) -> None:
    assert files.samples(PLAIN[name]) == files.SAMPLES
    assert files.samples(labelled(PLAIN[name])) == files.SAMPLES


def test_other_keys_of_a_movie_are_kept() -> None:
    copy = labelled(PLAIN["MP4 with keys"])
    assert copy.count(b"keys") == 1
    assert b"mdtatitle" in copy
    assert b"kept" in copy


@pytest.mark.parametrize("name", ["AVI", "WAV", "MP3", "FLV without onMetaData"])
def test_what_stood_in_the_file_stands_there_still(name: str) -> None:
    assert PLAIN[name][13:] in labelled(PLAIN[name])


@pytest.mark.parametrize("name", [name for name in PLAIN if name.split()[0] in ("WebP", "AVI", "WAV")])
def test_the_length_of_the_form_is_that_of_the_file(name: str) -> None:
    copy = labelled(PLAIN[name])
    assert struct.unpack_from("<I", copy, 4)[0] == len(copy) - 8


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (files.matroska(LABEL), "mkv.SimpleTag"),
        (files.matroska(LABEL, unknown=True), "mkv.SimpleTag"),
        (files.matroska(LABEL, deep=3), "mkv.SimpleTag"),
        (files.movie(more=files.keyed(AIGC=LABEL)[8:]), "moov.meta.ilst"),
        (files.movie(user_data=files.box(b"udta", files.box(b"AIGC", LABEL.encode()))), "moov.udta.AIGC"),
        (
            files.movie(user_data=files.box(b"udta", files.box(b"AIGC", struct.pack(">HH", len(LABEL), 0) + LABEL.encode()))),
            "moov.udta.AIGC",
        ),
        (files.movie() + files.box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + xmp.packet(LABEL)), "uuid.xmp"),
        (files.mp3(files.id3(2, b"TXX" + (6 + len(LABEL)).to_bytes(3, "big") + b"\0AIGC\0" + LABEL.encode())), "mp3.TXXX"),
    ],
)
def test_a_label_is_found_where_others_put_it(data: bytes, place: str) -> None:
    assert [(found.place, found.text) for found in read(data).labels] == [(place, LABEL)]


@pytest.mark.parametrize("encoding", [1, 2, 3])
def test_a_sounds_label_is_read_in_every_encoding(encoding: int) -> None:
    codec = {1: "utf-16", 2: "utf-16-be", 3: "utf-8"}[encoding]
    body = bytes([encoding]) + f"AIGC\0{LABEL}".encode(codec)
    tag = files.id3(3, b"TXXX" + struct.pack(">I", len(body)) + b"\0\0" + body)
    assert [found.text for found in read(files.mp3(tag)).labels] == [LABEL]


@pytest.mark.parametrize("packed", [False, True])
def test_a_pictures_label_is_read_from_other_text_chunks(packed: bool) -> None:
    whole, packet = files.picture("PNG"), xmp.packet(LABEL)
    head = b"XML:com.adobe.xmp\0" + (b"\1\0" if packed else b"\0\0") + b"\0\0"
    text = png_chunk(b"iTXt", head + (zlib.compress(packet) if packed else packet)) + png_chunk(b"tEXt", b"AIGC\0" + LABEL.encode())
    assert [found.place for found in read(whole[:33] + text + whole[33:]).labels] == ["png.iTXt.xmp", "png.tEXt"]


def test_an_attribute_counts_like_an_element() -> None:
    packet = (
        f'<r:RDF xmlns:r="{xmp.RDF}"><r:Description xmlns:t="{xmp.NAMESPACE}" t:AIGC="one"><t:AIGC> two </t:AIGC></r:Description></r:RDF>'
    )
    assert xmp.read(packet.encode()) == ["one", "two"]


@pytest.mark.parametrize(
    "data",
    [
        files.movie(more=files.box(b"mvex", b"")),
        files.matroska(),
        files.mp3(files.id3(2)),
        files.mp3(files.id3(4, flags=0x10)),
        files.flv(b"\0\x0dfilepositions\x0a" + struct.pack(">I", 0)),
        files.movie(fast=True, more=files.box(b"cmov", b"")),
    ],
)
def test_what_cannot_be_rewritten_safely_asks_for_ffmpeg_by_name(data: bytes) -> None:
    with pytest.raises(NotWritable) as refused:
        labelled(data)
    assert refused.value.tool == "ffmpeg"


@pytest.mark.parametrize("data", [PLAIN["AVI"] + files.chunk(b"RIFF", b"AVIX"), PLAIN["WAV"] + b"tail"])
def test_a_form_with_something_behind_it_is_left_alone(data: bytes) -> None:
    with pytest.raises(NotWritable):
        labelled(data)


@pytest.mark.parametrize(
    "packet",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        b"<x>",
        b"",
        b"\xff\xfe\x00",
        b" " * (xmp.LARGEST + 1),
    ],
)
def test_no_packet_names_entities_or_breaks_the_reader(packet: bytes) -> None:
    with pytest.raises(Damaged):
        xmp.read(packet)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN["PNG"][:33] + png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(80_000_000))) + PLAIN["PNG"][33:],
        PLAIN["PNG"][:33] + png_chunk(b"IDAT", b"") * 120_000 + PLAIN["PNG"][33:],
        files.box(b"ftyp", b"isom") + files.box(b"free", b"") * 120_000,
        files.box(b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"moov", 2**63),
        files.movie(
            user_data=files.box(
                b"udta", files.box(b"meta", bytes(4) + files.box(b"keys", struct.pack(">II", 0, 2**32 - 1)) + files.box(b"ilst", b""))
            )
        ),
        files.matroska("x", deep=40),
        files.flv(b"\0\x01a" + (b"\x03\0\x01a" * 5000)),
        files.flv(b"\0\x01a\x0a" + struct.pack(">I", 2**32 - 1)),
        files.chunk(b"RIFF", b"AVI " + files.chunk(b"LIST", b"INFO")[:4] + struct.pack("<I", 2**32 - 1) + b"INFO"),
        b"\xff\xd8\xff\xe1\xff\xffhttp://ns.adobe.com/xap/1.0/\0",
        files.id3(3, b"TXXX\xff\xff\xff\xff\0\0"),
    ],
    ids=["packed", "chunks", "boxes", "64 bits", "keys", "tags", "objects", "list", "form", "segment", "frame"],
)
def test_a_bomb_is_damaged_goods(data: bytes) -> None:
    assert [each.code for each in inspecting.inspect(io.BytesIO(data)).findings] == ["file_damaged"]


BEGINNINGS = [data[:64] for data in [*PLAIN.values(), files.matroska()]]


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=200))
def test_no_ending_breaks_a_reader(beginning: bytes, ending: bytes) -> None:
    inspecting.inspect(io.BytesIO(beginning + ending))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([*(labelled(data) for data in PLAIN.values()), files.matroska(LABEL)]), st.data())
def test_no_change_of_a_few_bytes_breaks_a_reader_or_a_writer(whole: bytes, data: st.DataObject) -> None:
    changed = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=6)):
        changed[place] = data.draw(st.integers(0, 255))
    cut = bytes(changed[: data.draw(st.integers(0, len(changed)))] if data.draw(st.booleans()) else changed)
    inspecting.inspect(io.BytesIO(cut))
    kind = kinds.recognise(Source(io.BytesIO(cut)))
    if kind is not None:
        source = Source(io.BytesIO(cut))
        with contextlib.suppress(Damaged, NotWritable):
            b"".join(source.copied(kind.write(source, LABEL)))


@given(st.binary(max_size=100))
def test_any_bytes_can_be_looked_at(data: bytes) -> None:
    assert not inspecting.inspect(io.BytesIO(data)).labels


def test_two_labels_that_differ_are_told() -> None:
    other = json.dumps(json.loads(LABEL) | {"Label": "3"})
    both = labelled(labelled(PLAIN["JPEG"]), other)
    report = inspecting.inspect(io.BytesIO(both))
    assert sorted(seen.reading.fields["Label"] for seen in report.labels) == ["1", "3"]
    assert [each.code for each in report.findings] == ["labels_differ"]
    same = inspecting.inspect(io.BytesIO(labelled(labelled(PLAIN["JPEG"]))))
    assert (len(same.labels), same.findings) == (2, ())


@pytest.mark.parametrize(
    "data",
    [
        PLAIN["PNG"][:33] + png_chunk(b"caBX", b"x") + PLAIN["PNG"][33:],
        PLAIN["JPEG"][:2] + b"\xff\xeb\x00\x12JP\0\x01\0\0\0\x01jumbc2pa" + PLAIN["JPEG"][2:],
        files.movie() + files.box(b"uuid", bytes.fromhex("d8fec3d61b0e483c92975828877ec481") + bytes(20)),
        files.chunk(b"RIFF", b"WAVE" + files.chunk(b"C2PA", b"x")),
    ],
)
def test_a_c2pa_manifest_is_seen_and_said_to_be_unchecked(data: bytes) -> None:
    assert "c2pa_not_checked" in [each.code for each in inspecting.inspect(io.BytesIO(data)).findings]


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"GIF89a", files.box(b"ftyp", b"heic" + bytes(4)), b"RIFF\0\0\0\0ACON", b"RF64" + bytes(40)]
)
def test_what_we_do_not_know_is_said_to_be_unknown(data: bytes) -> None:
    assert [each.code for each in inspecting.inspect(io.BytesIO(data)).findings] == ["container_unknown"]
