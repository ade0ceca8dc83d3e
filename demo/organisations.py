"""The demonstration's organisations: one verified with two agents and a persona, one at the desk. Their codes name nobody."""

from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from demo import cast
from demo.scenes import Actress
from verification.organisations import services
from verification.organisations.models import Organisation
from verification.organisations.tokens import token_of

# Region 990000 is none; the last character is the check character of GB 32100.
STAR, MOON, SEA = "91990000MAEXAMPL19", "91990000MAEXAMPL2C", "91990000MAEXAMPL3F"


_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


@cache
def paper(title: str, *lines: str) -> bytes:
    """Returns the picture of a paper that is plainly not real."""
    page = Image.new("RGB", (1000, 700), (244, 240, 230))
    draw = ImageDraw.Draw(page)
    draw.rectangle((20, 20, 980, 680), outline=(150, 120, 60), width=6)
    _write(draw, (60, 60), f"{title} SPECIMEN 样本", 44)
    for place, line in enumerate(lines):
        _write(draw, (60, 180 + 70 * place), line, 32)
    draw.ellipse((720, 440, 920, 640), outline=(190, 40, 40), width=8)
    out = BytesIO()
    page.save(out, "JPEG", quality=85)
    return out.getvalue()


def file(who: Actress, name: str, uscc: str, now: datetime, *, send: bool = True) -> Organisation:
    """Returns the organisation that somebody files with a licence and a mandate letter, sent to the officers or not."""
    given = {"name": name, "uscc": uscc, "licence_until": None, "represents": False, "representative": "王样本"}
    organisation = services.start(actor=who.actor, now=now)
    services.describe(actor=who.actor, organisation=organisation, now=now, **given)  # type: ignore[arg-type]
    papers = {
        "licence": paper("营业执照 LICENCE", f"名称  {name}", f"统一社会信用代码  {uscc}", "法定代表人  王样本"),
        "letter": paper("授权书 MANDATE", f"{name}", f"授权  {who.player.printed}", "登记虚拟人并指定其他代理人"),
    }
    for slot, upload in papers.items():
        services.add_picture(actor=who.actor, organisation=organisation, slot=slot, upload=upload, channel="upload", now=now)
    return services.submit(actor=who.actor, organisation=organisation, now=now) if send else organisation


def verify(officer: Actress, organisation: Organisation, now: datetime) -> Organisation:
    """Returns the organisation as an officer verified it."""
    services.claim(actor=officer.actor, organisation_id=organisation.pk, now=now)
    return services.decide(actor=officer.actor, organisation_id=organisation.pk, verdict="verified", reasons=[], note="", now=now)


def ask_changes(officer: Actress, organisation: Organisation, now: datetime) -> None:
    """An officer asks for a better picture of the licence."""
    services.claim(actor=officer.actor, organisation_id=organisation.pk, now=now)
    told = {"verdict": "changes_requested", "reasons": ["licence_unreadable"], "note": "The seal is cut off."}
    services.decide(actor=officer.actor, organisation_id=organisation.pk, now=now, **told)  # type: ignore[arg-type]


def found(who: dict[str, Actress], now: datetime) -> Organisation:
    """Returns Star River Culture, verified, with Alice as owner and Carol as agent; Carol's own waits at the desk."""
    alice, carol, bob = who["alice"], who["carol"], who["bob"]
    star = verify(bob, file(alice, "星河文化有限公司 Star River Culture", STAR, now - timedelta(days=70)), now - timedelta(days=69))
    asked = {"email": carol.player.email, "role": "agent", "until": (now + timedelta(days=300)).date()}
    mandate = services.invite(actor=alice.actor, organisation=star, now=now - timedelta(days=60), **asked)  # type: ignore[arg-type]
    services.accept(token=token_of(mandate.pk), actor=carol.actor, now=now - timedelta(days=59))
    asked = {"email": cast.EVE.email, "role": "agent", "until": None}
    services.invite(actor=alice.actor, organisation=star, now=now - timedelta(days=1), **asked)  # type: ignore[arg-type]
    file(carol, "月湾传媒工作室 Moon Bay Studio", MOON, now - timedelta(hours=4))
    ask_changes(bob, file(alice, "海岸互动 Shoreline Interactive", SEA, now - timedelta(days=2)), now - timedelta(days=1))
    return star


def _write(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int) -> None:
    """Writes a line; without a Chinese font, its Latin letters and digits alone."""
    if _FONT.is_file():
        draw.text(place, text, font=ImageFont.truetype(_FONT, size), fill=(38, 44, 60))
    else:
        draw.text(place, text.encode("ascii", "ignore").decode(), font=ImageFont.load_default(size), fill=(38, 44, 60))
