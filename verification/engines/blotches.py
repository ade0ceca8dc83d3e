"""Reflections: blown-out blotches that fade into the paper around them. A white field that is printed has a sharp edge and passes."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from verification.engines.regions import Mask, apart, grown

Grey = NDArray[np.float32]

WORK = 200  # pixels a side of the copy that is looked at
CLIPPED = 250
LEAST, MOST = 0.004, 0.3  # share of the document that a blotch takes
PAPER = 240  # on paper as bright as this a reflection cannot be told
GLOW = 0.35  # how far, from the paper's grey to white, the blotch's surroundings are lit


def glare(document: Grey) -> bool:
    """Returns whether a reflection hides a part of the document, given as its own grey levels."""
    picture = Image.fromarray(document.astype(np.uint8))
    picture.thumbnail((WORK, WORK), Image.Resampling.BOX)
    grey = np.asarray(picture, np.float32)
    return any(_counts(blotch) and _fades(grey, blotch) for blotch in apart(grey >= CLIPPED))


def _counts(blotch: Mask) -> bool:
    """Whether it has a size that counts and lies inside the picture."""
    border = blotch[0].any() or blotch[-1].any() or blotch[:, 0].any() or blotch[:, -1].any()
    return bool(LEAST <= blotch.mean() <= MOST and not border)


def _fades(grey: Grey, blotch: Mask) -> bool:
    ring = grown(grown(grown(blotch)))
    outer = grown(ring)
    rest = grey[~outer]
    paper = float(np.median(rest)) if rest.size else 255.0
    return paper < PAPER and float(np.median(grey[outer & ~ring])) >= paper + GLOW * (255 - paper)
