"""Whether a picture was taken of a screen: the screen's dots, or their beat with the camera's, are a square lattice over all of it.

In the spectrum a lattice is a pair of sharp peaks, equally far from the middle and at a right angle. Print shows lines in one direction,
text shows ridges along an axis, and the blocks of JPEG show peaks on the axes themselves: none of them counts.
"""

import numpy as np
from numpy import fft
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Spectrum = NDArray[np.float32]

TILE = 512
TILES = 3  # so many of the five tiles must show it: a halftone portrait fills one
LEAST_FREQUENCY = 0.08  # cycles a pixel; coarser patterns are print
HEIGHT = 3.5  # how far, in natural logarithms, a peak stands above the mean of its frequency; cards and passports: none that is sharp
SHARP = 1.5  # … and above what lies five to nine steps around it
SAME, SQUARE = 0.04, 0.06  # how far the pair may differ in frequency, and from a right angle
PEAKS = 6  # looked at in each tile


def lattice(pixels: Pixels) -> bool:
    """Returns whether most of an RGB picture shows a lattice of dots. Pictures smaller than 512 pixels a side are not judged."""
    height, width = pixels.shape[:2]
    if min(height, width) < TILE:
        return False
    down, across = (height - TILE) // 2, (width - TILE) // 2
    places = [(down, across), (0, 0), (0, 2 * across), (2 * down, 0), (2 * down, 2 * across)]
    grey = np.asarray(Image.fromarray(pixels).convert("L"), np.float32)
    seen = 0
    for number, (y, x) in enumerate(places):
        seen += _paired(_peaks(_spectrum(grey[y : y + TILE, x : x + TILE])))
        if seen + len(places) - number - 1 < TILES:
            return False
    return True


def _spectrum(tile: Spectrum) -> Spectrum:
    """Returns the logarithm of the upper half of the tile's spectrum, its middle at the foot, shape (256, 512)."""
    power = np.abs(fft.fftshift(fft.fft2((tile - tile.mean()) * _WINDOW)))
    half: Spectrum = np.log(power[: TILE // 2] + 1e-3).astype(np.float32)
    return half


def _peaks(spectrum: Spectrum) -> list[tuple[float, float]]:
    """Returns the sharp peaks as (frequency, angle), the highest first."""
    usual = np.bincount(_RADIUS.ravel(), spectrum.ravel()) / np.maximum(1, np.bincount(_RADIUS.ravel()))
    above = np.where(_LOOKED_AT, spectrum - usual[_RADIUS], 0)
    found = []
    for _ in range(PEAKS):
        row, column = np.unravel_index(int(above.argmax()), above.shape)
        height = above[row, column]
        if height < HEIGHT:
            break
        around = np.s_[max(0, row - 9) : row + 10, max(0, column - 9) : column + 10]
        near = np.s_[max(0, row - 4) : row + 5, max(0, column - 4) : column + 5]
        above[near] = 0
        if height - above[around].max() >= SHARP:
            found.append((float(_FREQUENCY[row, column]), float(_ANGLE[row, column])))
    return found


def _paired(peaks: list[tuple[float, float]]) -> bool:
    return any(
        abs(one / other - 1) <= SAME and abs(abs(angle - turned) - np.pi / 2) <= SQUARE for one, angle in peaks for other, turned in peaks
    )


_hann = np.hanning(TILE).astype(np.float32)
_WINDOW = _hann[:, None] * _hann[None]
_rows, _columns = np.mgrid[-TILE // 2 : 0, -TILE // 2 : TILE // 2]
_FREQUENCY = np.hypot(_rows, _columns) / TILE
_ANGLE = np.arctan2(-_rows, _columns)
_RADIUS = (_FREQUENCY * TILE).astype(np.intp)
_LOOKED_AT = (_FREQUENCY >= LEAST_FREQUENCY) & (_FREQUENCY < 0.5) & (np.abs(_columns) > 1) & (np.abs(_rows) > 1)
