"""Which faces of a picture count beside the largest. Imports nothing: the child that judges an upload asks it too."""

LEAST = 0.5  # share of the largest face's area: not the ghost portrait of a card, not a passer-by


def prominent(area: float, largest: float) -> bool:
    """Returns whether a face of this area counts beside one of the area `largest`, in whatever unit."""
    return area >= LEAST * largest
