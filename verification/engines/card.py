"""Where the document lies in a picture, told from the ground around it. Where the ground is not plain, nothing is claimed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from verification.engines.regions import Mask, spread

Pixels = NDArray[np.uint8]

WORK = 128  # pixels a side of the copy that is looked at
ALIKE = 30  # grey levels by which the ground may differ, in its most different channel, from that of a corner
LEAST_GROUND, LEAST_CARD = 0.03, 0.02  # shares of the picture
FULL = 0.75  # share of its box that the card fills at least; turned by six degrees it is 0.78
CONTACT = 0.6  # share of the card's side that lies on the picture's border when it is cut there; fingers are narrower
# Long to short side of whole documents: 1.42 a passport's page, 1.59 a card; seven per cent more or less by perspective.
LEAST_RATIO, MOST_RATIO = 1.32, 1.70


@dataclass(frozen=True, slots=True)
class Seen:
    """The document's box in pixels; the whole picture where it could not be told from its ground."""

    left: int
    top: int
    right: int
    bottom: int
    cut: bool = False

    @property
    def longer(self) -> int:
        """Returns the longer side in pixels."""
        return max(self.right - self.left, self.bottom - self.top)


def find(pixels: Pixels) -> Seen:
    """Returns where the document lies in an RGB picture, and whether the picture's border cuts it."""
    height, width = pixels.shape[:2]
    picture = Image.fromarray(pixels)
    picture.thumbnail((WORK, WORK), Image.Resampling.BOX)
    small = np.asarray(picture).astype(np.int16)
    card = ~_ground(small)
    if 1 - card.mean() < LEAST_GROUND or card.mean() < LEAST_CARD:
        return Seen(0, 0, width, height)
    rows, columns = _extent(card.mean(axis=1)), _extent(card.mean(axis=0))
    box = card[rows[0] : rows[1], columns[0] : columns[1]]
    if not box.size or box.mean() < FULL:
        return Seen(0, 0, width, height)
    scale = width / small.shape[1]
    left, right, top, bottom = (round(side * scale) for side in (*columns, *rows))
    return Seen(left, top, min(right, width), min(bottom, height), _cut(card, rows, columns))


def _ground(small: NDArray[np.int16]) -> Mask:
    """Returns which pixels are ground: joined to the corners that look alike, and alike."""
    patches = [small[rows, columns].reshape(-1, 3) for rows in (slice(0, 5), slice(-5, None)) for columns in (slice(0, 5), slice(-5, None))]
    corners = [np.median(patch, axis=0) for patch in patches]
    friends = [[other for other in corners if np.abs(other - corner).max() <= ALIKE] for corner in corners]
    chosen = max(friends, key=len)
    if len(chosen) < 2:
        return np.zeros(small.shape[:2], np.bool_)
    alike: Mask = np.min([np.abs(small - colour).max(axis=2) for colour in chosen], axis=0) <= ALIKE
    edge: Mask = np.zeros_like(alike)
    edge[0], edge[-1], edge[:, 0], edge[:, -1] = alike[0], alike[-1], alike[:, 0], alike[:, -1]
    return spread(edge, alike)


def _extent(shares: NDArray[np.float64]) -> tuple[int, int]:
    """Returns the first and the last line of which the card takes at least half as much as of a usual one of its lines."""
    usual = float(np.sort(shares)[int(0.97 * (len(shares) - 1))])
    lines = np.flatnonzero(shares >= usual / 2)
    return (int(lines[0]), int(lines[-1]) + 1) if usual > 0 else (0, 0)


def _cut(card: Mask, rows: tuple[int, int], columns: tuple[int, int]) -> bool:
    across, down = columns[1] - columns[0], rows[1] - rows[0]
    whole = LEAST_RATIO <= max(across, down) / min(across, down) <= MOST_RATIO
    sides = [card[0, slice(*columns)], card[-1, slice(*columns)], card[slice(*rows), 0], card[slice(*rows), -1]]
    touched = [float(side.mean()) >= CONTACT for side in sides]
    return not whole and any(touched) and not all(touched)
