"""Face templates are kept turned by a secret rotation: distances stay, the templates themselves do not show.

Nearest-neighbour search needs vectors the database can compare. An orthogonal matrix drawn from the index key keeps
every L2 distance exact, while a dump alone can be compared with no photograph. (Somebody with 128 known faces *and*
the dump could solve for the matrix: the dump stays confidential all the same.)
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from portal.vault import cipher

DIMENSIONS = 128
Vector = NDArray[np.float64]


@lru_cache(maxsize=4)
def _matrix(seed: bytes) -> Vector:
    draws = np.random.default_rng(np.frombuffer(seed, dtype=np.uint32)).standard_normal((DIMENSIONS, DIMENSIONS))
    q, r = np.linalg.qr(draws)
    turned: Vector = q * np.sign(np.diag(r))
    return turned


def turn(template: Vector) -> Vector:
    """Returns the template of shape (128,) as it may be stored and searched."""
    turned: Vector = _matrix(cipher.derive("template-rotation")) @ np.asarray(template, dtype=np.float64)
    return turned
