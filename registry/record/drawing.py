"""The badge: a small SVG that says what a registration is now. Pure.

Letters are text in fonts we do not know, so each is given the width we measured for it (`textLength`): Chinese is as wide
as it is high, Latin as in DejaVu Sans, whose widths Verdana shares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from registry.issuing.verdict import Status

HEIGHT, SIZE, PAD, BASELINE = 20, 11, 7, 14  # pixels
LANGUAGES, THEMES = ("zh", "en"), ("light", "dark")
NOT_REGISTERED = "not_registered"
_STACK = "Verdana,'DejaVu Sans','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
_EMS = {
    0.30: "'ijlIJ ", 0.35: ",./:;f\\|-", 0.41: "()[]t!r", 0.53: "\"*_`sz?c", 0.60: "LFkvxyPTYao",
    0.64: "eESbdghnpqu$0123456789{}", 0.70: "KAVBRXZC", 0.78: "UHNDG&OQ", 0.84: "w#+<=>^~M", 1.0: "%mW@",
}  # fmt: skip
_WIDTHS = {letter: width for width, letters in _EMS.items() for letter in letters}
_NAMES = {"en": "virtual human", "zh": "虚拟人"}
_STATUSES: dict[str, Mapping[str, str]] = {
    "en": {**{each.value: each.value for each in Status}, NOT_REGISTERED: "not registered"},
    "zh": {
        "active": "有效",
        "suspended": "已冻结",
        "expired": "已过期",
        "revoked": "已撤销",
        "retired": "已停用",
        NOT_REGISTERED: "未登记",
    },
}
# theme → (plate and letters of the name, plate and letters of each status): every pair has a contrast of 4.5 at least
_PLATES = {"light": ("#3b4452", "#ffffff"), "dark": ("#d5dae1", "#10182a")}
_FILLS = {
    "light": {"active": "#1a6b2d", "suspended": "#7a5200", "revoked": "#b3261e"},
    "dark": {"active": "#5dd879", "suspended": "#ffc94d", "revoked": "#ff8a80"},
}
_OTHER = {"light": "#636a75", "dark": "#b3bac5"}
_LETTERS = {"light": "#ffffff", "dark": "#10182a"}


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says, and how. An empty ID is one that nobody has."""

    printed_id: str
    status: str
    language: str
    theme: str

    @property
    def name(self) -> str:
        """The left half."""
        return " ".join(part for part in (_NAMES[self.language], self.printed_id) if part)

    @property
    def says(self) -> str:
        """The right half."""
        return _STATUSES[self.language][self.status]


def width(text: str) -> int:
    """Returns how wide the text is drawn, in pixels."""
    return round(SIZE * sum(_WIDTHS.get(letter, 1.0) for letter in text))


def svg(badge: Badge) -> str:
    """Returns the badge as SVG, without script, style or anything that is loaded from elsewhere."""
    left, right = width(badge.name), width(badge.says)
    edge = left + 2 * PAD
    whole = edge + right + 2 * PAD
    plate, ink = _PLATES[badge.theme]
    fill = _FILLS[badge.theme].get(badge.status, _OTHER[badge.theme])
    title = escape(f"{badge.name}: {badge.says}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{HEIGHT}" viewBox="0 0 {whole} {HEIGHT}"'
        f' role="img" aria-label="{title}" lang="{badge.language}"><title>{title}</title>'
        f'<clipPath id="r"><rect width="{whole}" height="{HEIGHT}" rx="4"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{edge}" height="{HEIGHT}" fill="{plate}"/>'
        f'<rect x="{edge}" width="{right + 2 * PAD}" height="{HEIGHT}" fill="{fill}"/></g>'
        f'<g font-family="{_STACK}" font-size="{SIZE}">'
        f"{_text(badge.name, PAD, left, ink)}{_text(badge.says, edge + PAD, right, _LETTERS[badge.theme])}</g></svg>"
    )


def _text(text: str, left: int, length: int, ink: str) -> str:
    place = f'x="{left}" y="{BASELINE}" fill="{ink}" textLength="{length}" lengthAdjust="spacingAndGlyphs"'
    return f"<text {place}>{escape(text)}</text>"
