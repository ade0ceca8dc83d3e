"""The byte array of a status list: the draft's vectors, every value back as it went in, and nothing believed of a list."""

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from registry.statuslist import bits
from registry.statuslist.bits import ListBad

# Source: draft-ietf-oauth-status-list, appendix "Test vectors" and §5.1's example, by its EXAMPLE_KEY.
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
SHORT = [  # ibid. §4.1 and §4.2: bits, values, bytes, lst
    (1, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1], "b9a3", "eNrbuRgAAhcBXQ"),
    (2, [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3], "c944f9", "eNo76fITAAPfAgc"),
]


@pytest.mark.parametrize("vector", VECTORS["lists"], ids=lambda vector: f"{vector['bits']} bits")
def test_the_drafts_long_vectors_decode(vector: dict[str, Any]) -> None:
    raw, width = bits.decompress(vector["lst"]), vector["bits"]
    assert len(raw) * 8 // width == vector["size"]
    named = {int(index): value for index, value in vector["entries"].items()}
    assert {index: bits.value_at(raw, index, bits=width) for index in named} == named
    assert raw == bits.pack(named.items(), bits=width, size=vector["size"])  # so every entry that is not named is 0


@pytest.mark.parametrize(("width", "values", "raw", "lst"), SHORT)
def test_the_drafts_short_vectors_decode_and_pack(width: int, values: list[int], raw: str, lst: str) -> None:
    packed = bits.pack(enumerate(values), bits=width, size=len(values))
    assert packed.hex() == raw
    assert bits.decompress(lst) == packed
    assert [bits.value_at(packed, index, bits=width) for index in range(len(values))] == values


def test_the_drafts_token_verifies_and_decodes() -> None:
    key = ECKey.import_key({name: value for name, value in VECTORS["token"]["key"].items() if name != "kid"})
    signed = jws.deserialize_compact(VECTORS["token"]["jwt"], key, algorithms=["ES256"])
    inner = json.loads(signed.payload or b"")["status_list"]
    assert bits.decompress(inner["lst"]).hex() == "b9a3"


@given(st.sampled_from([1, 2, 4, 8]), st.data())
def test_every_value_comes_back(width: int, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(0, 2**width - 1), min_size=8, max_size=64).filter(lambda some: len(some) % 8 == 0))
    raw = bits.decompress(bits.compress(bits.pack(enumerate(values), bits=width, size=len(values))))
    assert [bits.value_at(raw, index, bits=width) for index in range(len(values))] == values


@given(st.dictionaries(st.integers(0, bits.SIZE - 1), st.integers(0, 3), max_size=20))
def test_a_list_of_ours_comes_back(entries: dict[int, int]) -> None:
    raw = bits.decompress(bits.compress(bits.pack(entries.items())))
    assert len(raw) == bits.SIZE * bits.BITS // 8
    assert {index: bits.value_at(raw, index) for index in entries} == entries


def test_a_value_written_twice_is_the_last_one() -> None:
    assert bits.value_at(bits.pack([(5, 3), (5, 1)], size=8), 5) == 1


@pytest.mark.parametrize("index", [-1, bits.SIZE, bits.SIZE + 1, 2**63])
def test_an_index_outside_is_refused(index: int) -> None:
    with pytest.raises(ListBad):
        bits.value_at(bits.pack([]), index)
    with pytest.raises(ListBad):
        bits.pack([(index, 1)])


@pytest.mark.parametrize(("width", "size", "value"), [(3, 16, 1), (2, 15, 1), (2, 16, 4), (2, 16, -1), (0, 16, 0), (2, 0, 0)])
def test_a_list_that_cannot_be_is_refused(width: int, size: int, value: int) -> None:
    with pytest.raises(ListBad):
        bits.pack([(0, value)], bits=width, size=size)


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_whatever_is_no_list_is_refused_and_never_fails(text: str) -> None:
    try:
        bits.decompress(text)
    except ListBad:
        return
    assert zlib.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) is not None


@pytest.mark.parametrize("spoil", [lambda lst: lst + "=", lambda lst: lst[:-4], lambda lst: lst + "AAAA", lambda lst: lst + "\n"])
def test_a_list_that_is_padded_cut_or_longer_is_refused(spoil: Any) -> None:
    with pytest.raises(ListBad):
        bits.decompress(spoil(bits.compress(bits.pack([(7, 1)], size=64))))


def test_a_bomb_does_not_fill_the_memory() -> None:
    bomb = bits.compress(bytes(64 * 1024 * 1024))
    assert len(bomb) < 100_000
    with pytest.raises(ListBad):
        bits.decompress(bomb)
