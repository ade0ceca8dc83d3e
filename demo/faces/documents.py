"""Identity documents that are plainly not real: cards and a passport's page, laid out like real ones, stamped SPECIMEN."""

from datetime import date

from PIL import Image

from demo.faces import mrz
from demo.faces.holders import BORN, EXPIRES, Holder
from demo.faces.identities import Colour
from demo.faces.paper import LABEL, Language, Page

CARD, PASSPORT = (1011, 638), (1250, 880)
_CARD_PAPER: Colour = (226, 234, 240)
_PASSPORT_PAPER: Colour = (240, 232, 222)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def identity_card(
    name: str,
    *,
    holder: str,
    number: str,
    language: Language = "zh",
    size: tuple[int, int] = CARD,
    born: date | None = None,
    sex: str = "",
    address: str = "",
) -> Image.Image:
    """Return the front of a resident identity card with the portrait of `name`, issued to `holder`."""
    who = Holder(name, holder, number, born=born, sex=sex, language=language)
    return card_front(Holder(name, holder, number, born=born, sex=sex, language=language, address=address) if address else who, size)


def identity_card_back(*, expires: date = EXPIRES, language: Language = "zh", size: tuple[int, int] = CARD) -> Image.Image:
    """Return the back of a resident identity card; `holders.LONG_TERM` is one that never expires."""
    who = Holder("", "", "", expires=expires, language=language)
    return card_back(who, ("中华人民共和国", "居民身份证"), "RESIDENT IDENTITY CARD", size)


def card_front(holder: Holder, size: tuple[int, int] = CARD, *, ethnicity: bool = True) -> Image.Image:
    """Return the front that identity cards and residence permits share; permits have no ethnicity."""
    who = holder.settled()
    zh = who.language == "zh"
    page = Page(_CARD_PAPER, size, 638, who.language)
    column = 180 if zh else 270
    page.stamp((330, 54), 58)
    sex = {"M": "男", "F": "女"}[who.sex] if zh else who.sex
    birth = f"{who.birth.year}年{who.birth.month}月{who.birth.day}日" if zh else who.birth.isoformat()
    _row(page, (60, 110), "姓名" if zh else "Name", who.name, column)
    _row(page, (60, 180), "性别" if zh else "Sex", sex, column)
    if ethnicity:
        _row(page, (280 if zh else 340, 180), "民族" if zh else "Ethnicity", who.ethnicity, 390 if zh else 500)
    _row(page, (60, 250), "出生" if zh else "Date of birth", birth, column)
    _row(page, (60, 325), "住址" if zh else "Address", who.address[:11] if zh else who.address, column)
    for line in range(1, 3 if zh else 1):
        page.write((column, 325 + 48 * line), who.address[11 * line : 11 * line + 11], 34)
    page.write((60, 545), "公民身份号码" if zh else "Citizen identity number", 28, LABEL)
    page.write((300 if zh else 420, 534), who.number, 44)
    page.portrait(who.face, (650, 70, 320, 430))
    return page.image


def card_back(holder: Holder, titles: tuple[str, str], english: str, size: tuple[int, int] = CARD, **more: str) -> Image.Image:
    """Return the back of a card: titles, issuing authority, validity, and further rows of Chinese labels."""
    who = holder.settled()
    zh = who.language == "zh"
    page = Page(_CARD_PAPER, size, 638, who.language)
    page.emblem((140, 150), 90)
    for line, title in enumerate(titles if zh else (english,)):
        page.write((600, 70 + 85 * line), title, 58 if zh else 44, centred=True)
    page.stamp((250, 320), 56)
    rows = {"签发机关": "乌托邦市公安局样本分局", "有效期限": who.validity, **more}
    if not zh:
        rows = {"Issuing authority": "Specimen Bureau", "Period of validity": who.validity}
    for line, (label, text) in enumerate(rows.items()):
        top = 395 + (52 if more else 85) * line
        _row(page, (210, top), label, text, 390 if zh else 480)
    return page.image


def passport(
    name: str,
    *,
    holder: str,
    number: str,
    language: Language = "zh",
    size: tuple[int, int] = PASSPORT,
    latin: str = "",
    born: date | None = None,
    sex: str = "",
    expires: date = EXPIRES,
) -> Image.Image:
    """Return a passport's data page; `number` has at most nine capital letters and digits. `latin` stands under a Chinese name."""
    who = Holder(name, holder, number, latin=latin, born=born, sex=sex, expires=expires, language=language).settled()
    page = Page(_PASSPORT_PAPER, size, 880, who.language)
    page.write((50, 36), "护照 PASSPORT" if who.language == "zh" else "PASSPORT", 44)
    page.portrait(name, (50, 120, 400, 520))
    page.stamp((690, 682), 62)
    for at, label, lines in _passport_fields(who):
        label = label if who.language == "zh" else label.split("/", 1)[1]
        page.write(at, label, 22, LABEL)
        for line, text in enumerate(lines):
            page.write((at[0], at[1] + 30 + 40 * line), text, 34)
    zone = machine_readable_zone(holder=latin or holder, number=number, born=who.birth, sex=who.sex, expires=expires)
    page.zone(zone, 735, 62)
    return page.image


def machine_readable_zone(*, holder: str, number: str, born: date = BORN, sex: str = "", expires: date = EXPIRES) -> tuple[str, str]:
    """Return the two lines that `passport` prints for this holder."""
    return mrz.lines(holder=holder, number=number, born=born, expires=expires, sex=sex)


def _passport_fields(who: Holder) -> list[tuple[tuple[int, int], str, list[str]]]:
    zh = who.language == "zh"
    sex = {"M": "男/M", "F": "女/F"}[who.sex] if zh else who.sex
    place = "乌托邦/UTOPIA" if zh else "UTOPIA"
    return [
        ((500, 92), "类型/Type", ["P"]),
        ((660, 92), "国家码/Country code", ["UTO"]),
        ((920, 92), "护照号码/Passport No.", [who.number]),
        ((500, 210), "姓名/Name", [who.name, who.latin] if who.latin else [who.name]),
        ((500, 345), "性别/Sex", [sex]),
        ((660, 345), "国籍/Nationality", [place]),
        ((920, 345), "出生日期/Date of birth", [_worded(who.birth, zh)]),
        ((500, 445), "出生地点/Place of birth", [place]),
        ((920, 445), "签发日期/Date of issue", [_worded(who.issued, zh)]),
        ((500, 545), "签发机关/Authority", ["乌托邦样本局" if zh else "SPECIMEN BUREAU"]),
        ((920, 545), "有效期至/Date of expiry", [_worded(who.expires, zh)]),
    ]


def _worded(day: date, zh: bool) -> str:
    month = f"{day.month}月/{_MONTHS[day.month - 1]}" if zh else _MONTHS[day.month - 1]
    return f"{day.day:02} {month} {day.year}"


def _row(page: Page, at: tuple[int, int], label: str, text: str, column: int) -> None:
    page.write((at[0], at[1] + 6), label, 28, LABEL)
    page.write((column, at[1]), text, 34)
