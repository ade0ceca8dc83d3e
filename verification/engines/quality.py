"""Whether a picture is fit for its subject: light, sharpness, size, glare. Pure: numpy and Pillow. What is doubtful passes.

Every function takes the kept picture (RGB, at most 2400 pixels a side) and the faces found in it, boxes (top, right, bottom, left), and
returns codes of `verification.reasons`, the worst first. The thresholds were set on rendered pictures only (the
cast, cards and passports, sharp and degraded: tests/shots.py); what was measured stands beside each. They are not calibrated on real ones.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from verification.engines import blotches, card, moire
from verification.engines.prominence import prominent
from verification.engines.regions import Mask

Pixels = NDArray[np.uint8]
Grey = NDArray[np.float32]
Box = tuple[int, int, int, int]

LEAST_CARD = 480  # pixels along the card's longer side: 5.6 a millimetre, so that its 3 mm characters are 16 high, as text readers need
LEAST_FACE = 100  # pixels of a face's width; the encoder looks at 150 with the hair around it
WORK = 1000  # pixels a side of the copy that documents are measured on
FACE_WORK = 200  # pixels of the copy that a face is measured on

DARK_DOCUMENT = 90  # grey level that 97 % of the document stay below; undamaged 233 or more
DARK_FACE = 60  # grey level that 90 % of a face stay below; undamaged 96 (the darkest skin of the cast) to 231, …
DARK_SCENE = 75  # … and 90 % of the picture around it, so that dark skin in good light is not called dark; undamaged 162 or more
BACKLIT_FACE = 30  # darker than this, a face is dark whatever the light behind it
DOCUMENT_EDGE = 0.19  # see `sharpness`; undamaged 0.35 to 0.5, blurred by two pixels of the copy 0.2 to 0.24
FACE_EDGE = 0.16  # undamaged 0.22 to 0.26, blurred by three pixels of 480 0.17, by five 0.13
STRONG_DOCUMENT, STRONG_FACE = 40, 25  # grey levels: print is black on white, a face is softer
AROUND = 4  # pixels on each side of an edge within which it should be over
LEAST_EDGES = 50  # pixels; with fewer there is nothing to be seen
CLIPPED = 250
FACE_GLARE = 0.2  # share of a face that is blown out; undamaged 0, at 1.6 times the light 0.45 on the fairest skin, 0 on the darkest


def document(pixels: Pixels, faces: Sequence[Box]) -> tuple[str, ...]:
    """Returns what is wrong with the picture of a document's side that carries the portrait."""
    return (*document_back(pixels), *(() if faces else ("document_no_face",)))


def document_back(pixels: Pixels) -> tuple[str, ...]:
    """Returns what is wrong with the picture of a document, whichever side."""
    return tuple(_document(pixels))


def selfie(pixels: Pixels, faces: Sequence[Box]) -> tuple[str, ...]:
    """Returns what is wrong with the picture of a person's face."""
    if not faces:
        dark = _level(_grey(pixels, WORK), 0.9) < DARK_SCENE
        return ("selfie_dark",) if dark else ("selfie_no_face",)
    return tuple(_selfie(pixels, faces))


def sharpness(grey: Grey, strong: float) -> float:
    """Returns how steep the steepest tenth of a picture's edges are: 0.5 is a step, 0.4 / s an edge blurred by s pixels, 0 no edge.

    The slope is divided by the difference of light around it, so that neither contrast nor content count; differences below `strong`
    grey levels are noise.
    """
    if min(grey.shape) <= 2 * AROUND:
        return 0.0
    span: Grey = _extreme(grey, np.maximum) - _extreme(grey, np.minimum)
    inner = np.s_[AROUND:-AROUND, AROUND:-AROUND]
    down, across = (np.asarray(np.gradient(grey, axis=axis))[inner] for axis in (0, 1))
    edges: Mask = span >= strong
    if np.count_nonzero(edges) < LEAST_EDGES:
        return 0.0
    steep: Grey = np.hypot(down, across)
    return _level(steep[edges] / span[edges], 0.9)


def _extreme(grey: Grey, of: Callable[[Grey, Grey], Grey]) -> Grey:
    """Returns the greatest or least level of the nine by nine pixels around each, in windows of 2, 4, 8 and 9; no border."""
    for _axis in range(2):
        two = of(grey[:-1], grey[1:])
        four = of(two[:-2], two[2:])
        eight = of(four[:-4], four[4:])
        grey = of(eight[:-1], grey[8:]).T
    return grey


def _document(pixels: Pixels) -> Iterator[str]:
    seen = card.find(pixels)
    grey = _grey(pixels[seen.top : seen.bottom, seen.left : seen.right], WORK)
    if _level(grey, 0.97) < DARK_DOCUMENT:
        yield "document_dark"
        return
    if seen.longer < LEAST_CARD:
        yield "document_too_small"
    if seen.cut:
        yield "document_cropped"
    if sharpness(grey, STRONG_DOCUMENT) < DOCUMENT_EDGE:
        yield "document_blurred"
    if blotches.glare(grey):
        yield "document_glare"
    if moire.lattice(pixels):
        yield "document_screen"


def _selfie(pixels: Pixels, faces: Sequence[Box]) -> Iterator[str]:
    if any(prominent(_area(face), _area(faces[0])) for face in faces[1:]):
        yield "selfie_several_faces"
    height, width = pixels.shape[:2]
    top, right, bottom, left = faces[0]
    if top < 0 or left < 0 or bottom > height or right > width:
        yield "selfie_face_cropped"
    if right - left < LEAST_FACE:
        yield "selfie_face_too_small"
    grey = _grey(pixels[max(0, top) : bottom, max(0, left) : right], FACE_WORK)
    if _dark(grey, pixels):
        yield "selfie_dark"
        return
    if sharpness(grey, STRONG_FACE) < FACE_EDGE:
        yield "selfie_blurred"
    if float((grey >= CLIPPED).mean()) > FACE_GLARE:
        yield "selfie_glare"


def _dark(face: Grey, pixels: Pixels) -> bool:
    brightest = _level(face, 0.9)
    if brightest < BACKLIT_FACE:
        return True
    return brightest < DARK_FACE and _level(_grey(pixels, WORK), 0.9) < DARK_SCENE


def _grey(pixels: Pixels, longest: int) -> Grey:
    small = Image.fromarray(pixels).convert("L")
    small.thumbnail((longest, longest))
    return np.asarray(small, np.float32)


def _level(values: Grey, share: float) -> float:
    """Returns the value below which this share of them lies. `np.percentile` would load more of numpy, which the child may not."""
    place = int(share * (values.size - 1))
    return float(np.partition(values.ravel(), place)[place])


def _area(box: Box) -> int:
    top, right, bottom, left = box
    return (bottom - top) * (right - left)
