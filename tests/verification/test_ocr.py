"""Text read from rendered documents by the real engine, and who may load it."""

import logging
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from PIL import Image, ImageDraw, ImageFont
from rapidocr.utils.download_file import DownloadFile

from demo.faces import paper, permits
from demo.faces.holders import Holder
from demo.faces.photographed import photographed
from verification.engines import ocr
from verification.engines.comparing import codes, compare
from verification.engines.lines import Line
from verification.engines.reading import read_document
from verification.models import DocumentType

TODAY = date(2026, 3, 2)
HOLDERS = {
    "resident_id": Holder("alice", "林爱丽", "11010519920315002X"),
    "passport": Holder("carol", "陈样本", "E81230964", "CHEN, YANGBEN", date(1990, 5, 4), "F"),
    "hk_macao_permit": Holder("bob", "陳大文", "H12345678", "CHAN, TAI MAN", date(1985, 7, 9), "M"),
    "taiwan_permit": Holder("eve", "林樣本", "01234567", "LIN, YANGBEN", date(1995, 11, 30), "F"),
    "residence_permit": Holder("dana", "林樣本", "830000199201300022"),
    "foreign_resident": Holder("frank", "证件样本", "911124198108030024", "ZHENGJIAN, YANGBEN", sex="F"),
}
LOADED = (
    "import sys; assert not {'rapidocr', 'onnxruntime', 'cv2', 'verification.engines.ocr'} & set(sys.modules), 'the OCR engine is loaded'"
)
SET_UP = "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'portal.settings'; django.setup()"


@pytest.fixture
def _chinese_font() -> None:
    """Skips the test where no Chinese glyphs are to be had; fails it if REQUIRE_ALL=1."""
    if paper.spoken("zh") == "zh":
        return
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail("fonts-noto-cjk is not installed")
    pytest.skip("fonts-noto-cjk is not installed")


@cache
def sides(kind: str) -> tuple[Image.Image, Image.Image | None]:
    """Returns front and back of a specimen."""
    return permits.both_sides(kind, HOLDERS[kind])


@cache
def lines(kind: str) -> tuple[list[Line], list[Line] | None]:
    """Returns what is read on both sides."""
    front, back = sides(kind)
    return ocr.lines_in(front), ocr.lines_in(back) if back else None


@pytest.mark.usefixtures("_chinese_font")
@pytest.mark.parametrize("kind", DocumentType.values)
def test_each_document_is_read_as_it_is_printed(kind: str) -> None:
    who = HOLDERS[kind].settled()
    told = read_document(kind, *lines(kind), today=TODAY)
    compared = compare(told, name=who.name, number=who.number, birth_date=who.birth)
    assert (told.codes, codes(compared)) == ((), ())
    assert told.sex is not None
    assert told.expiry is not None
    assert (told.sex.value, told.expiry.day) == (who.sex, who.expires)


@pytest.mark.usefixtures("_chinese_font")
@pytest.mark.parametrize("kind", ["resident_id", "hk_macao_permit"])
def test_swapped_sides_are_noticed(kind: str) -> None:
    front, back = lines(kind)
    assert read_document(kind, back or [], front, today=TODAY).codes == ("document_wrong_side",)


@pytest.mark.usefixtures("_chinese_font")
@pytest.mark.parametrize(
    ("chosen", "shown"), [("passport", "resident_id"), ("resident_id", "residence_permit"), ("taiwan_permit", "passport")]
)
def test_another_document_than_chosen_is_noticed(chosen: str, shown: str) -> None:
    assert read_document(chosen, lines(shown)[0], None, today=TODAY).codes == ("document_wrong_type",)


def test_labels_in_english_are_read_where_there_is_no_chinese_font() -> None:
    front = permits.both_sides("passport", replace(HOLDERS["passport"], name="CAROL SPECIMEN", latin="", language="en"))[0]
    told = read_document("passport", ocr.lines_in(front), today=TODAY)
    assert compare(told, name="CAROL SPECIMEN", number="E81230964", birth_date=date(1990, 5, 4))[0].match == "same"
    assert told.codes == ()


def test_a_blurred_photograph_is_to_be_taken_again() -> None:
    taken = photographed(sides("resident_id")[0], blur=12, dark=0.4, size=(1000, 700))
    assert read_document("resident_id", ocr.lines_in(taken), today=TODAY).codes == ("document_unreadable",)


@pytest.mark.parametrize("turn", [6, 90, 180, 270])
def test_a_document_may_lie_as_it_likes(turn: int) -> None:
    label = Image.new("RGB", (900, 300), "white")
    for place, text in enumerate(("Name NORA SPECIMEN", "Date of birth 1990-05-04")):
        ImageDraw.Draw(label).text((40, 60 + 100 * place), text, "black", ImageFont.load_default(56))
    read = ocr.lines_in(label.rotate(turn, expand=True, fillcolor="white"))
    assert ["".join(each.text.split()) for each in read] == ["NameNORASPECIMEN", "Dateofbirth1990-05-04"]


def test_a_blank_picture_has_no_lines() -> None:
    assert ocr.lines_in(Image.new("L", (300, 200), 255)) == []


def test_a_twelve_megapixel_photograph_is_looked_at_in_bounds() -> None:
    large = Image.new("RGB", (4000, 3000), "white")
    ImageDraw.Draw(large).text((3000, 2500), "SPECIMEN", "black", ImageFont.load_default(160))
    [read] = ocr.lines_in(large)
    assert read.text == "SPECIMEN"
    assert 1200 < read.right <= ocr.LONGEST


def test_nothing_is_fetched_written_or_printed(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def fetched(*_arguments: object) -> None:
        raise AssertionError("a model is fetched")

    monkeypatch.setattr(DownloadFile, "run", fetched)
    before = {path: path.stat().st_mtime_ns for path in ocr.MODELS.parent.rglob("*") if "__pycache__" not in path.parts}
    monkeypatch.setattr(ocr, "_engine", cache(ocr._engine.__wrapped__))
    assert ocr.lines_in(Image.new("RGB", (200, 100), "white")) == []
    assert {path: path.stat().st_mtime_ns for path in ocr.MODELS.parent.rglob("*") if "__pycache__" not in path.parts} == before
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("RapidOCR").handlers == []


@pytest.mark.parametrize(
    "modules",
    [
        "verification.urls, verification.services, verification.queries, verification.engines.reading, verification.engines.comparing",
        "portal.wsgi",
    ],
)
def test_the_web_process_does_not_load_the_engine(modules: str) -> None:
    done = subprocess.run([sys.executable, "-c", f"{SET_UP}; import {modules}; {LOADED}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
