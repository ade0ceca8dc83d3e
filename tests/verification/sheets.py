"""Lines of text as an OCR engine would return them, without one."""

from datetime import date

from demo.faces import mrz
from verification.engines.lines import Line, straight

HEIGHT = 30.0
ZONE = {"holder": "CHEN, YANGBEN", "number": "E81230964", "born": date(1990, 5, 4), "expires": date(2035, 12, 31), "sex": "F"}


def line(text: str, x: float, y: float, confidence: float = 0.99) -> Line:
    """Returns a line whose letters are 30 high and on the mean 20 wide."""
    width = 20.0 * max(1, len(text))
    return Line(text, confidence, ((x, y), (x + width, y), (x + width, y + HEIGHT), (x, y + HEIGHT)))


def sheet(*placed: tuple[str, float, float], confidence: float = 0.99) -> list[Line]:
    """Returns lines from text, x and y."""
    return straight(line(text, x, y, confidence) for text, x, y in placed)


def card(
    name: str = "林爱丽", number: str = "360426199101010071", birth: str = "1991年1月1日", sex: str = "男", **more: float
) -> list[Line]:
    """Returns the front of a resident's card."""
    return sheet(
        ("姓名", 60, 100),
        (name, 180, 100),
        (f"性别{sex}民族汉", 60, 170),
        ("出生", 60, 240),
        (birth, 180, 240),
        ("住址", 60, 310),
        ("乌托邦市样本区示范路", 180, 310),
        ("一百二十三号", 180, 355),
        (f"公民身份号码{number}", 60, 540),
        **more,
    )


def back(validity: str = "2020.01.01-2040.01.01", title: str = "居民身份证") -> list[Line]:
    """Returns the back of a card."""
    rows = (("中华人民共和国", 300, 60), (title, 300, 130), ("签发机关", 200, 430), ("样本分局", 380, 430), ("有效期限", 200, 520))
    return sheet(*rows, (validity, 380, 520))


def page(number: str = "E81230964", birth: str = "04 5月/MAY 1990", zone: tuple[str, ...] = (), name: str = "陈样本") -> list[Line]:
    """Returns a passport's data page with the lines of `zone` at its foot."""
    return sheet(
        ("护照 PASSPORT", 50, 30),
        ("护照号码/Passport No.", 900, 110),
        (number, 900, 145),
        ("姓名/Name", 500, 210),
        (name, 500, 245),
        ("CHEN,YANGBEN", 500, 285),
        ("性别/Sex", 500, 350),
        ("女/F", 500, 385),
        ("出生日期/Date of birth", 900, 350),
        (birth, 900, 385),
        ("有效期至/Date of expiry", 900, 550),
        ("31 12月/DEC 2035", 900, 585),
        *((text, 50.0, 740.0 + 60 * place) for place, text in enumerate(zone)),
    )


def passport_zone(**different: object) -> tuple[str, str]:
    """Returns the lines that belong to `page`."""
    return mrz.lines(**ZONE | different)  # type: ignore[arg-type]


def permit(title: str = "港澳居民来往内地通行证", number: str = "H12345678", validity: str = "2020.01.01-2030.01.01") -> list[Line]:
    """Returns the front of a travel permit."""
    return sheet(
        (title, 300, 20),
        ("姓名/Name", 410, 130),
        ("陳大文", 410, 165),
        ("CHAN,TAI MAN", 410, 205),
        ("出生日期/Date of birth", 410, 260),
        ("1985.07.09", 410, 295),
        ("性别/Sex", 900, 260),
        ("男/M", 900, 295),
        ("有效期限/Period of validity", 410, 350),
        (validity, 410, 385),
        ("证件号码/Document No.", 410, 470),
        (number, 410, 505),
    )
