"""Who the rendered people are: the parameters of a face, the cast of six, and strangers drawn at random.

Lengths are millimetres in the head's own coordinates: x to the picture's right, y up, z towards the camera;
the eye line is y = 0. Colours are sRGB, 0 to 255.
"""

import json
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

Colour: TypeAlias = tuple[int, int, int]
HairStyle: TypeAlias = Literal["short", "fringe", "receding", "long", "bob", "afro", "bald"]

# Chosen and tuned so that face recognition holds any two well apart; measure again after changing people.json.
CAST = ("alice", "bob", "carol", "dana", "eve", "frank")
_PEOPLE = Path(__file__).with_name("people.json")


@dataclass(frozen=True)
class Head:
    """Half widths at forehead, cheek, jaw and chin; heights of chin and crown; depth; bulges of cheek and chin."""

    forehead: float
    cheek: float
    jaw: float
    chin_width: float
    chin: float
    crown: float
    depth: float
    cheek_bulge: float
    chin_bulge: float


@dataclass(frozen=True)
class Eyes:
    """Distance of an eye from the middle, half width, opening above and below, and what lies around it."""

    apart: float
    width: float
    upper: float
    lower: float
    tilt: float
    iris: Colour
    iris_radius: float
    crease: float
    socket: float
    bag: float


@dataclass(frozen=True)
class Brows:
    """Height over the eye line, thickness, arch, tilt, inner and outer end, density from 0 to 1."""

    height: float
    thickness: float
    arch: float
    tilt: float
    inner: float
    outer: float
    density: float


@dataclass(frozen=True)
class Nose:
    """Height of the tip's line, how far tip and bridge stand out, half widths of wings, tip and bridge."""

    line: float
    tip: float
    bridge: float
    wings: float
    tip_width: float
    bridge_width: float


@dataclass(frozen=True)
class Mouth:
    """Height, half width, thickness of the lips, lift of the corners, colour, how far the lips stand out."""

    line: float
    width: float
    upper: float
    lower: float
    smile: float
    lips: Colour
    pout: float


@dataclass(frozen=True)
class Skin:
    """Colour, and blush, freckles and age from 0 to 1."""

    colour: Colour
    blush: float
    freckles: float
    age: float


@dataclass(frozen=True)
class Hair:
    """Colour and style, height of the hairline, thickness over the skull; beard and moustache from 0 to 1."""

    colour: Colour
    style: HairStyle
    line: float
    volume: float
    beard: float
    moustache: float


@dataclass(frozen=True)
class Face:
    """All that tells one person from another; `seed` fixes the grain of skin and hair."""

    seed: int
    head: Head
    eyes: Eyes
    brows: Brows
    nose: Nose
    mouth: Mouth
    skin: Skin
    hair: Hair
    shirt: Colour


def face(name: str) -> Face:
    """Return the face of one of the cast, or of the stranger with that number; an unknown name raises KeyError."""
    return stranger(int(name)) if name.isdigit() else _people()[name]


@cache
def stranger(seed: int) -> Face:
    """Return a face that is none of the cast's: every measure drawn between the cast's least and greatest."""
    rng = random.Random(seed)
    cast = [asdict(person) for person in _people().values()]
    complexion = rng.choice(cast)
    drawn = _drawn(rng, cast)
    drawn["skin"]["colour"] = complexion["skin"]["colour"]
    drawn["mouth"]["lips"] = complexion["mouth"]["lips"]
    return _face({**drawn, "seed": 1000 + seed})


def _drawn(rng: random.Random, examples: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a mapping like the examples: numbers drawn between theirs, anything else taken from one of them."""
    return {key: _one_drawn(rng, [example[key] for example in examples]) for key in examples[0]}


def _one_drawn(rng: random.Random, values: list[Any]) -> Any:
    if isinstance(values[0], dict):
        return _drawn(rng, values)
    if isinstance(values[0], int | float):
        return rng.uniform(min(values), max(values))
    return rng.choice(values)


@cache
def _people() -> dict[str, Face]:
    data = json.loads(_PEOPLE.read_text(encoding="utf-8"))
    return {name: _face({**data[name], "seed": number}) for number, name in enumerate(CAST)}


def _face(data: Mapping[str, Any]) -> Face:
    return Face(
        seed=data["seed"],
        head=Head(**data["head"]),
        eyes=Eyes(**_with_colour(data["eyes"], "iris")),
        brows=Brows(**data["brows"]),
        nose=Nose(**data["nose"]),
        mouth=Mouth(**_with_colour(data["mouth"], "lips")),
        skin=Skin(**_with_colour(data["skin"], "colour")),
        hair=Hair(**_with_colour(data["hair"], "colour")),
        shirt=_colour(data["shirt"]),
    )


def _with_colour(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {**data, key: _colour(data[key])}


def _colour(values: Any) -> Colour:
    red, green, blue = values
    return red, green, blue
