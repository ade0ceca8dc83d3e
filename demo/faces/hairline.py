"""Where each hair style ends."""

from demo.faces.identities import Hair
from demo.faces.surfaces import Field, curve

_SIDES = {"long": -190.0, "bob": -70.0}


def hairline(hair: Hair, angle: Field) -> Field:
    """Return the lower edge of the hair in mm at angles (radians, 0 to pi) away from the front."""
    line, side = hair.line, _SIDES.get(hair.style, -12.0)
    if hair.style in ("long", "bob"):
        return curve(angle, [0, 0.1, 0.7, 1.0, 1.18, 1.25, 3.2], [line + 8, line + 6, line - 6, 20, -20, side, side])
    if hair.style == "fringe":
        return curve(angle, [0, 0.7, 0.9, 1.2, 1.5, 1.9, 3.2], [34, 32, 24, 5, side, -40, -60])
    if hair.style == "receding":
        edge = [line + 8, line + 14, line + 24, line + 2, 20, side, -40, -60]
        return curve(angle, [0, 0.35, 0.6, 0.95, 1.3, 1.5, 1.9, 3.2], edge)
    return curve(angle, [0, 0.55, 0.95, 1.25, 1.5, 1.9, 3.2], [line, line - 1, line - 12, line * 0.35, side, -40, -60])
