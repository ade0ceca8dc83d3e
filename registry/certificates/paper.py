"""The certificate for people: one page of PDF with a QR code, and the signed token attached to it as it is.

The token is attached uncompressed, so that it can be found without taking the file apart.
"""

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from fpdf import FPDF

ATTACHED = "certificate.jwt"
MEDIA_TYPE = "application/dc+sd-jwt"
# Where Debian and Fedora put the fonts that hold Chinese; the number is the face "SC" of a collection.
_FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
)
_TOKEN = re.compile(rb"eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,200000}\.[A-Za-z0-9_-]{86}~")
_ZONE = "%Y-%m-%d %H:%M UTC"
_DRIVE = {"human": "live by a real person 真人驱动", "computed": "by a computer 计算驱动", "hybrid": "by a person and a computer 混合驱动"}
_HINT = "This file is signed, and so is the token attached to it as {name}. A printout proves nothing: check the file at {address}"
_HINT_ZH = "本文件及附件 {name} 均经数字签名；打印件不构成证明。请在上述网址核验本文件。"


@lru_cache(maxsize=1)
def font() -> tuple[str, int] | None:
    """Returns path and face of a font with Chinese, or None: then the page bears the Latin texts only."""
    return next(((path, face) for path, face in _FONTS if Path(path).exists()), None)


def find_token(data: bytes) -> str | None:
    """Returns the token that a file holds, be it the token itself or a certificate's PDF; None if there is none."""
    found = _TOKEN.search(data)
    return found.group().decode() if found else None


def draw(claims: Mapping[str, Any], token: str) -> bytes:
    """Returns the PDF of a certificate."""
    page = _Page(font())
    page.set_title(f"Certificate {claims['sub']}")
    page.set_creation_date(_moment(claims["iat"]))
    page.heading()
    page.qr(str(claims["record"]))
    page.identifier(str(claims["sub"]))
    for label, value in _lines(claims):
        page.fact(label, value)
    page.hint(f"{claims['iss']}/certificates/verify/")
    page.embed_file(bytes=token.encode(), basename=ATTACHED, mime_type=MEDIA_TYPE, desc="The signed certificate (SD-JWT VC)")
    return bytes(page.output())


def _lines(claims: Mapping[str, Any]) -> list[tuple[str, str]]:
    names, operator = claims["names"], claims["operator"]
    answers = f"{operator['name']} {operator['uscc']}" if operator["class"] == "organisation" else "a natural person 自然人"
    handles = [f"{platform}: {handle}" for platform, handle in claims.get("handles", {}).items()]
    return [
        ("Name 名称", " ".join(name for name in (names["zh"], names["en"]) if name)),
        ("Responsible 责任主体", answers),
        ("Driven 驱动方式", _DRIVE.get(claims.get("drive_mode", ""), "–")),
        ("Platforms 平台", ", ".join(claims.get("platforms", [])) or "–"),
        ("Handles 账号", ", ".join(handles) or "–"),
        ("Version 版本", str(claims["version"])),
        ("Issued 签发", _moment(claims["iat"]).strftime(_ZONE)),
        ("Valid until 有效期至", _moment(claims["exp"]).strftime(_ZONE)),
        ("Certificate number 证书编号", str(claims["jti"])),
        ("Record 登记公示", str(claims["record"])),
    ]


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


class _Page(FPDF):
    """An A4 page in the one font there is."""

    def __init__(self, chinese: tuple[str, int] | None) -> None:
        super().__init__(format="A4")
        self.chinese = chinese is not None
        self.set_margin(20)
        self.set_auto_page_break(True, margin=15)
        self.add_page()
        if chinese is not None:
            self.add_font("text", fname=chinese[0], collection_font_number=chinese[1])
        self.face = "text" if self.chinese else "helvetica"

    def written(self, text: str) -> str:
        """Returns the text as the font can show it."""
        if self.chinese:
            return text
        return " ".join(text.encode("latin-1", "ignore").decode("latin-1").split())

    def heading(self) -> None:
        """Writes what this is."""
        self.set_font(self.face, size=20)
        self.cell(h=11, text=self.written("Certificate of registration"), new_x="LMARGIN", new_y="NEXT")
        self.set_font(self.face, size=12)
        self.cell(h=7, text=self.written("Virtual Human Registry 虚拟人登记证书"), new_x="LMARGIN", new_y="NEXT")
        self.ln(6)

    def qr(self, address: str) -> None:
        """Draws the way to the public record, top right."""
        picture = io.BytesIO()
        segno.make(address, error="m").save(picture, kind="png", scale=8, border=2)
        self.image(picture, x=155, y=15, w=38)

    def identifier(self, registry_id: str) -> None:
        """Writes the registry ID, large."""
        self.set_font("courier", size=22, style="B")
        self.cell(h=10, text=registry_id, new_x="LMARGIN", new_y="NEXT")
        self.ln(6)

    def fact(self, label: str, value: str) -> None:
        """Writes one fact."""
        self.set_font(self.face, size=9)
        self.set_text_color(90)
        self.cell(h=5, text=self.written(label), new_x="LMARGIN", new_y="NEXT")
        self.set_font(self.face, size=12)
        self.set_text_color(0)
        self.multi_cell(w=0, h=7, text=self.written(value) or "-", new_x="LMARGIN", new_y="NEXT")
        self.ln(3)

    def hint(self, address: str) -> None:
        """Writes what proves it, and where that is looked at."""
        self.ln(3)
        self.set_font(self.face, size=9)
        self.multi_cell(w=0, h=5, text=self.written(_HINT.format(name=ATTACHED, address=address)), new_x="LMARGIN", new_y="NEXT")
        if self.chinese:
            self.multi_cell(w=0, h=5, text=_HINT_ZH.format(name=ATTACHED), new_x="LMARGIN", new_y="NEXT")
