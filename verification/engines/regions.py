"""Connected areas of a mask."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def grown(mask: Mask) -> Mask:
    """Returns the mask with the four neighbours of each of its pixels."""
    more: Mask = mask.copy()
    more[1:] |= mask[:-1]
    more[:-1] |= mask[1:]
    more[:, 1:] |= mask[:, :-1]
    more[:, :-1] |= mask[:, 1:]
    return more


def spread(seed: Mask, room: Mask) -> Mask:
    """Returns what of `room` is joined to the seed."""
    while True:
        more = grown(seed) & room
        if np.array_equal(more, seed):
            return seed
        seed = more


def apart(mask: Mask) -> Iterator[Mask]:
    """Yields the connected areas that are more than specks and threads: each has a pixel with all its neighbours."""
    cores = ~grown(~mask)
    while cores.any():
        seed = np.zeros_like(mask)
        seed.flat[int(cores.argmax())] = True
        area = spread(seed, mask)
        cores &= ~area
        yield area
