"""Specimen documents: faces that are found, zones that add up, photographs with the faults that were asked for."""

from datetime import date

import numpy as np
import pytest
from PIL import Image, ImageStat

from demo.faces import documents, mrz, permits
from demo.faces.holders import LONG_TERM, Holder
from demo.faces.photographed import TABLE, photographed

PLAIN = Image.new("RGB", (400, 250), "white")
SIZE = (320, 240)


def mean(image: Image.Image) -> float:
    """Returns how light a picture is."""
    return float(ImageStat.Stat(image.convert("L")).mean[0])


def sharpness(image: Image.Image) -> float:
    """Returns the greatest step between neighbours."""
    return float(np.abs(np.diff(np.asarray(image.convert("L"), int))).max())


def white(image: Image.Image) -> float:
    """Returns the share of the picture that is white."""
    return float((np.asarray(image.convert("L")) > 250).mean())


def test_each_type_has_its_sides() -> None:
    holder = Holder("alice", "A B", "H12345678", born=date(1990, 1, 1), sex="F")
    for kind in ("resident_id", "hk_macao_permit", "taiwan_permit", "residence_permit", "foreign_resident"):
        front, back = permits.both_sides(kind, holder)
        assert back is not None
        assert front.size == back.size == documents.CARD
        assert front.tobytes() != back.tobytes()
    assert permits.both_sides("passport", holder)[1] is None


def test_birth_date_and_sex_follow_from_the_number() -> None:
    who = Holder("alice", "A B", "830000199201300022").settled()
    assert (who.birth, who.sex) == (date(1992, 1, 30), "F")
    assert Holder("alice", "A B", "DEMO-1").settled().birth == date(1990, 1, 1)
    assert "9999" not in Holder("alice", "A B", "1", expires=LONG_TERM).settled().validity or who.language == "en"


def test_a_permit_s_lines_add_up() -> None:
    lines = mrz.permit_lines(
        code="CT", holder="LIN, YANGBEN", number="01234567", born=date(1995, 11, 30), expires=date(2030, 1, 1), sex="F"
    )
    assert [len(line) for line in lines] == [30, 30, 30]
    assert lines[0][:12] == "CT01234567<" + mrz.check_digit("01234567<")
    assert lines[1].startswith("LIN<<YANGBEN<")


def test_a_photograph_has_the_size_and_the_table_asked_for() -> None:
    taken = photographed(PLAIN, size=SIZE)
    assert taken.size == SIZE
    assert taken.getpixel((2, 2)) == TABLE
    assert taken.getpixel((160, 120)) == (255, 255, 255)


def test_blur_and_darkness_are_seen() -> None:
    sharp = photographed(PLAIN, size=SIZE)
    assert sharpness(photographed(PLAIN, size=SIZE, blur=4)) < sharpness(sharp) / 3
    assert mean(photographed(PLAIN, size=SIZE, dark=0.6)) == pytest.approx(mean(sharp) * 0.4, rel=0.05)


def test_glare_is_white_and_a_crop_leaves_the_table_on_the_other_side() -> None:
    grey = Image.new("RGB", (400, 250), (120, 120, 120))
    assert white(photographed(grey, size=SIZE, glare=0.4)) > 0.05 > white(photographed(grey, size=SIZE))
    cropped = photographed(PLAIN, size=SIZE, crop=0.3)
    assert cropped.getpixel((0, 120)) == (255, 255, 255)
    assert cropped.getpixel((300, 120)) == TABLE


@pytest.mark.parametrize("tilt", [-20, 8, 90])
def test_a_tilted_document_stays_in_the_picture(tilt: float) -> None:
    taken = np.asarray(photographed(PLAIN, size=SIZE, tilt=tilt).convert("L"))
    edge = np.concatenate([taken[0], taken[-1], taken[:, 0], taken[:, -1]])
    assert edge.max() < 120
    assert (taken > 250).mean() > 0.15
