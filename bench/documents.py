"""How well documents are read, and how fast: `uv run python bench/documents.py [COUNT]`.

Renders COUNT documents (40) of every type, photographs them aslant, a little out of focus, in uneven light, as JPEG, and
reads both sides. Counts fields read exactly as printed, and documents that would pass without an officer.
"""

import random
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image
from stdnum.cn import ric

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo.faces import permits, pictures
from demo.faces.holders import Holder
from demo.faces.identities import CAST
from demo.faces.photographed import photographed
from verification.engines import comparing, document, ocr, reading

TODAY = date(2026, 3, 2)
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鑫博雅"
LATIN = ("WANG", "LI", "ZHANG", "CHEN", "ZHAO", "HUANG", "XU", "GUO")


def holder(kind: str, rng: random.Random) -> Holder:
    """Returns somebody at random with a number of the kind, whose check digits hold."""
    born = date(rng.randint(1955, 2007), rng.randint(1, 12), rng.randint(1, 28))
    body = f"{born:%Y%m%d}{rng.randint(1, 999):03}"
    digits = f"{rng.randint(0, 99999999):08}"
    numbers = {
        "resident_id": "110105" + body,
        "residence_permit": rng.choice(["810000", "820000", "830000"]) + body,
        "foreign_resident": f"9{rng.choice([11, 31, 44])}{rng.choice([124, 276, 840])}" + body,
        "passport": "E" + digits,
        "hk_macao_permit": rng.choice("HM") + digits,
        "taiwan_permit": digits,
    }
    number = numbers[kind]
    number += ric.calc_check_digit(number + "0") if len(number) == 17 else ""
    name = rng.choice(FAMILY) + "".join(rng.sample(GIVEN, rng.randint(1, 2)))
    return Holder(rng.choice(CAST), name, number, f"{rng.choice(LATIN)}, {rng.choice(LATIN)}", born, rng.choice("MF"))


def matched(kind: str, who: Holder) -> Holder:
    """Returns the holder with the sex that an 18-digit number tells."""
    told = document.read(kind, who.number, today=TODAY).sex
    return Holder(who.face, who.name, who.number, who.latin, who.born, told or who.sex)


def photograph(page: Image.Image, rng: random.Random) -> Image.Image:
    """Returns a photograph that a careful person with a middling phone would take."""
    taken = photographed(
        page,
        blur=rng.uniform(0.5, 2.0),
        dark=rng.uniform(0, 0.45),
        tilt=rng.uniform(-6, 6),
        background=(rng.randint(40, 200), rng.randint(40, 180), rng.randint(40, 160)),
    )
    return Image.open(BytesIO(pictures.jpeg(taken, rng.randint(60, 90))))


def read_all(count: int) -> Iterator[tuple[str, Holder, reading.Reading, float]]:
    """Yields type, holder, reading and processor seconds of each document: other work on the machine does not count."""
    rng = random.Random(1)
    for number in range(count):
        kind = ("resident_id", "passport", "hk_macao_permit", "taiwan_permit", "residence_permit", "foreign_resident")[number % 6]
        who = matched(kind, holder(kind, rng))
        sides = [photograph(page, rng) for page in permits.both_sides(kind, who) if page]
        began = time.process_time()
        front, *back = (ocr.lines_in(page) for page in sides)
        told = reading.read_document(kind, front, back[0] if back else None, today=TODAY)
        yield kind, who, told, time.process_time() - began


def main() -> None:
    """Prints the share of each field read exactly, what the codes were, and processor seconds and memory."""
    right: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    seconds, passed = [], 0
    for kind, who, told, took in read_all(count := int(sys.argv[1]) if len(sys.argv) > 1 else 40):
        seconds.append(took)
        compared = comparing.compare(told, name=who.name, number=who.number, birth_date=who.birth)
        right.update(each.field for each in compared if each.match is comparing.Match.SAME)
        right["sex"] += bool(told.sex and told.sex.value == who.sex)
        right["expiry"] += bool(told.expiry and told.expiry.day == who.expires)
        found = (*told.codes, *comparing.codes(compared))
        passed += not found
        codes.update(found)
        if found:
            print(kind, found, [(each.typed, each.read) for each in compared if each.match is not comparing.Match.SAME])
    print({field: f"{share}/{count}" for field, share in right.items()}, f"without a doubt {passed}/{count}", dict(codes))
    print(f"processor seconds a document: median {statistics.median(seconds):.2f}, worst {max(seconds):.2f}", end="; ")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
