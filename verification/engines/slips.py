"""How far two texts are apart, as readers misread."""


def apart(one: str, other: str) -> int:
    """Returns 0 for equal texts, 1 if one replaced, missing or added character tells them apart, 2 for anything more."""
    if one == other:
        return 0
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, rest_of_other = one[start:], other[start:]
    one_edit = rest[1:] == rest_of_other[1:] or rest[1:] == rest_of_other or rest == rest_of_other[1:]
    return 1 if one_edit else 2
