"""Specimens of the cards of Hong Kong, Macao and Taiwan residents, and of foreign permanent residents."""

from PIL import Image

from demo.faces import documents, mrz
from demo.faces.documents import CARD
from demo.faces.holders import Holder, dotted
from demo.faces.identities import Colour
from demo.faces.paper import LABEL, Page

_PERMIT_PAPER: Colour = (222, 236, 232)
_TITLES = {
    "hk_macao_permit": ("港澳居民来往内地通行证", "MAINLAND TRAVEL PERMIT FOR HONG KONG AND MACAO RESIDENTS", "CR"),
    "taiwan_permit": ("台湾居民来往大陆通行证", "MAINLAND TRAVEL PERMIT FOR TAIWAN RESIDENTS", "CT"),
    "foreign_resident": ("外国人永久居留身份证", "FOREIGN PERMANENT RESIDENT ID CARD", ""),
}


def permit(document_type: str, holder: Holder, size: tuple[int, int] = CARD) -> Image.Image:
    """Return the front of a travel permit or of a permanent resident's card."""
    who = holder.settled()
    zh = who.language == "zh"
    page = _titled(document_type, who, size)
    page.portrait(who.face, (50, 140, 320, 400))
    for at, label, lines in _fields(document_type, who):
        page.write(at, label if zh else label.split("/", 1)[1], 20, LABEL)
        for line, text in enumerate(lines):
            page.write((at[0], at[1] + 27 + 38 * line), text, 32)
    page.stamp((740, 590), 50)
    return page.image


def permit_back(document_type: str, holder: Holder, size: tuple[int, int] = CARD) -> Image.Image:
    """Return the back: of a travel permit with its three machine-readable lines."""
    who = holder.settled()
    page = _titled(document_type, who, size)
    page.stamp((505, 250), 70)
    code = _TITLES[document_type][2]
    if code:
        number = who.number[:9]
        zone = mrz.permit_lines(code=code, holder=who.latin or who.name, number=number, born=who.birth, expires=who.expires, sex=who.sex)
        page.zone(zone, 400, 66)
    else:
        page.write((60, 430), "备注/Remarks" if who.language == "zh" else "Remarks", 22, LABEL)
    return page.image


def residence_permit(holder: Holder, size: tuple[int, int] = CARD) -> Image.Image:
    """Return the front of a residence permit, which is laid out like a resident's card."""
    return documents.card_front(holder, size, ethnicity=False)


def residence_permit_back(holder: Holder, size: tuple[int, int] = CARD, *, permit_number: str = "H12345678") -> Image.Image:
    """Return the back of a residence permit."""
    whose = "台湾" if holder.number.startswith("83") else "港澳"
    english = "RESIDENCE PERMIT FOR TAIWAN RESIDENTS" if whose == "台湾" else "RESIDENCE PERMIT FOR HONG KONG AND MACAO RESIDENTS"
    rows = {"通行证号码": permit_number, "签发次数": "01"}
    return documents.card_back(holder, ("中华人民共和国", f"{whose}居民居住证"), english, size, **rows)


def both_sides(document_type: str, holder: Holder) -> tuple[Image.Image, Image.Image | None]:
    """Return front and back of a document of any type; a passport has a data page alone."""
    if document_type == "passport":
        told = {"latin": holder.latin, "born": holder.born, "sex": holder.sex, "expires": holder.expires, "language": holder.language}
        return documents.passport(holder.face, holder=holder.name, number=holder.number, **told), None  # type: ignore[arg-type]
    if document_type == "resident_id":
        return documents.card_front(holder), documents.identity_card_back(expires=holder.expires, language=holder.language)
    if document_type == "residence_permit":
        return residence_permit(holder), residence_permit_back(holder)
    return permit(document_type, holder), permit_back(document_type, holder)


def _titled(document_type: str, who: Holder, size: tuple[int, int]) -> Page:
    chinese, english, _code = _TITLES[document_type]
    page = Page(_PERMIT_PAPER, size, 638, who.language)
    page.write((505, 24), chinese if who.language == "zh" else english, 44 if who.language == "zh" else 26, centred=True)
    if who.language == "zh":
        page.write((505, 82), english, 24, centred=True)
    return page


def _fields(document_type: str, who: Holder) -> list[tuple[tuple[int, int], str, list[str]]]:
    zh = who.language == "zh"
    sex = {"M": "男/M", "F": "女/F"}[who.sex] if zh else who.sex
    last = ("国籍/Nationality", who.nationality) if document_type == "foreign_resident" else ("换证次数/Number of issues", "01")
    return [
        ((410, 130), "姓名/Name", [who.name, who.latin] if who.latin else [who.name]),
        ((410, 250), "出生日期/Date of birth", [dotted(who.birth)]),
        ((720, 250), "性别/Sex", [sex]),
        ((410, 325), "有效期限/Period of validity", [who.validity]),
        ((410, 400), "签发机关/Issuing authority", ["乌托邦样本管理局" if zh else "SPECIMEN BUREAU"]),
        ((410, 475), "证件号码/Document No.", [who.number]),
        ((745, 400), last[0], [last[1]]),
    ]
