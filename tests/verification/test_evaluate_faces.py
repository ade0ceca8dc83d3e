"""`manage.py evaluate_faces` on rendered pictures, and what lists and folders may do to it."""

import json
import os
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

import manage
from demo.faces import pictures
from verification import rules
from verification.engines import evaluation, measures
from verification.engines.pairs import BadPairs, Folder, NoFile, Pair, read_pairs

HEADER = "file_x,file_y,Decision\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds two pictures each of two people, one with two faces, one of a wall, one that is cut off, and one in a folder."""
    path = tmp_path_factory.mktemp("pictures")
    for name in ("alice", "bob"):
        for frame in (0, 1):
            (path / f"{name}{frame}.jpg").write_bytes(pictures.jpeg(pictures.portrait(name, size=240, frame=frame)))
    pair = Image.new("RGB", (600, 300), pictures.GREY_WALL)
    pair.paste(pictures.portrait("bob", size=240).resize((150, 150)), (420, 100))
    pair.paste(pictures.portrait("alice", size=240), (20, 30))
    (path / "deep").mkdir()
    (path / "deep" / "pair.png").write_bytes(_png(pair))
    Image.new("RGB", (200, 200), "white").save(path / "wall.png")
    (path / "cut.jpg").write_bytes((path / "alice0.jpg").read_bytes()[:3000])
    return path


def _png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG")
    return bytes(file.getvalue())


def listed(path: Path, text: str | bytes) -> Path:
    """Returns the path of a list with this text."""
    file = path / "pairs.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def evaluated(*words: Any) -> str:
    """Returns what the command prints."""
    out = StringIO()
    call_command("evaluate_faces", *words, stdout=out)
    return out.getvalue()


PAIRS = (
    "alice0.jpg,alice1.jpg,Yes\nbob0.jpg,bob1.jpg,Yes\nalice0.jpg,bob0.jpg,No\nalice1.jpg,bob1.jpg,No\n"
    "alice0.jpg,deep/pair.png,Yes\nbob0.jpg,pair.png,No\nwall.png,alice0.jpg,Yes\ncut.jpg,bob0.jpg,No\ngone.jpg,bob0.jpg,Yes\n"
)


def test_the_figures_of_a_small_list(folder: Path, tmp_path: Path) -> None:
    plot = tmp_path / "det.png"
    report = json.loads(evaluated(listed(tmp_path, HEADER + PAIRS), "--images", folder, "--json", "--plot", plot))
    assert {key: report[key] for key in ("pairs", "genuine", "impostor", "images")} == {
        "pairs": 9,
        "genuine": 5,
        "impostor": 4,
        "images": 9,
    }
    assert report["compared"] == {"genuine": 3, "impostor": 3}
    failures = report["failures_to_enrol"]
    assert {each["file"]: each["reason"] for each in failures["images"]} == {
        "wall.png": "no_face", "cut.jpg": "unreadable", "gone.jpg": "missing",
    }  # fmt: skip
    assert (failures["count"], failures["rate"]) == (3, 3 / 9)
    assert [row["threshold"] for row in report["thresholds"]] == list(measures.THRESHOLDS)
    assert report["deployed"]["threshold"] == rules.SAME_FACE
    assert (report["deployed"]["fmr"], report["deployed"]["fnmr"]) == (0.0, 0.0)
    assert (report["deployed"]["far"], report["deployed"]["frr"]) == (0.0, 2 / 5)
    assert report["chosen"] == {"threshold": None, "rule": measures.RULE}, "three impostor pairs choose nothing"
    assert report["eer"] == 0.0
    assert 0 < report["seconds_per_image"]["median"] <= report["seconds_per_image"]["p95"]
    assert set(report["versions"]) == set(evaluation.LIBRARIES)
    with Image.open(plot) as drawn:
        assert drawn.format == "PNG"
        assert len(drawn.convert("RGB").getcolors(100_000) or []) > 10


def test_each_picture_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    once = evaluation.enrolled_file
    monkeypatch.setattr(evaluation, "enrolled_file", lambda name, where: read.append(name) or once(name, where))  # type: ignore[func-returns-value]
    evaluation.evaluate([Pair("wall.png", "gone.jpg", True), Pair("wall.png", "cut.jpg", False)], Folder(folder))
    assert sorted(read) == ["cut.jpg", "gone.jpg", "wall.png"]


def test_two_processes_find_what_one_finds(folder: Path) -> None:
    names = ["alice0.jpg", "wall.png", "gone.jpg"]
    one, two = (evaluation.enrol(names, Folder(folder), jobs=jobs) for jobs in (1, 2))
    assert [(name, each.reason, each.faces) for name, each in one.items()] == [
        (name, each.reason, each.faces) for name, each in two.items()
    ]
    pair = [Pair("alice0.jpg", "alice0.jpg", True)]
    mixed = {"alice0.jpg": one["alice0.jpg"], "other": two["alice0.jpg"]}
    assert evaluation.compare([Pair("alice0.jpg", "other", True)], mixed).genuine == pytest.approx(evaluation.compare(pair, one).genuine)


def test_the_table_names_what_failed_and_the_plot_may_be_svg(folder: Path, tmp_path: Path) -> None:
    plot = tmp_path / "det.svg"
    table = evaluated(
        listed(tmp_path, HEADER + "alice0.jpg,alice1.jpg,yes\nalice0.jpg,bob0.jpg,NO\ncut.jpg,bob0.jpg,No\n"),
        "--images",
        folder,
        "--plot",
        plot,
    )
    assert "cut.jpg: unreadable" in table
    assert "none: no threshold is strict enough" in table
    assert plot.read_text().count("<svg") == 1


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "a.jpg,b.jpg,Yes\nc.jpg,d.jpg,No\n",
        "\ufeff" + HEADER + "a.jpg,b.jpg,YES\r\n\r\nc.jpg,d.jpg,no\r\n",
        "\n  \nDecision , FILE_Y, file_x ,note\n yes , b.jpg ,a.jpg,x\n,,,\n No,d.jpg, c.jpg\n",
        'file_x;file_y;Decision\n"a.jpg";"b.jpg";"Yes"\nc.jpg;d.jpg;No',
        (HEADER + "a.jpg,b.jpg,Yes\nc.jpg,d.jpg,No\n").encode("utf-16"),
    ],
)
def test_lists_as_people_s_programs_write_them(text: str | bytes, tmp_path: Path) -> None:
    assert read_pairs(listed(tmp_path, text)) == [Pair("a.jpg", "b.jpg", True), Pair("c.jpg", "d.jpg", False)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no pairs"),
        (HEADER, "no pairs"),
        ("file_x,Decision\na,Yes\n", "no file_y"),
        (HEADER + "a.jpg,b.jpg,perhaps\n", "line 2: Decision"),
        (HEADER + "\na.jpg,,Yes\n", "line 3: a file name"),
        (HEADER + "a.jpg\n", "line 2"),
        (b"\xff\x00\x81\xfe\x00", "no text"),
        (HEADER + '"' + "a" * 200_000 + '",b.jpg,Yes\n', "field"),
    ],
)
def test_a_list_that_cannot_be_used_is_told_in_one_line(text: str | bytes, says: str, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=says) as told:
        evaluated(listed(tmp_path, text), "--images", folder)
    assert "\n" not in str(told.value)


def test_a_list_a_folder_or_a_plot_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    pairs = listed(tmp_path, HEADER + "wall.png,cut.jpg,No\n")
    for words in ([tmp_path / "no.csv", "--images", folder], [pairs, "--images", tmp_path / "no"]):
        with pytest.raises(CommandError, match=r"[Nn]o such"):
            evaluated(*words)
    for plot in ("det.pdf", "nowhere/det.png"):
        with pytest.raises(CommandError, match="plot must be"):
            evaluated(pairs, "--images", folder, "--plot", tmp_path / plot)
    with pytest.raises(CommandError, match="a curve needs"):
        evaluated(pairs, "--images", folder, "--plot", tmp_path / "det.png")


@pytest.mark.parametrize(
    "name", ["../secret.jpg", "deep/../../secret.jpg", "..\\secret.jpg", "link.jpg", "linked/secret.jpg", "{absolute}"]
)
def test_a_name_never_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    (inside / "deep").mkdir(parents=True)
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(pictures.jpeg(Image.new("RGB", (8, 8))))
    (inside / "link.jpg").symlink_to(secret)
    (inside / "linked").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(NoFile, match="outside"):
        Folder(inside).file(name.format(absolute=secret))
    with pytest.raises(NoFile):
        Folder(inside).file("secret.jpg")


@pytest.mark.parametrize("name", ["a" * 300 + ".jpg", "zero\0byte.jpg", "wall.png/", ".", "no/where.jpg"])
def test_a_name_that_leads_nowhere_is_missing(name: str, folder: Path) -> None:
    enrolled = evaluation.enrolled_file(name, Folder(folder))
    assert enrolled.reason in ("missing", "unreadable", "no_face")
    assert enrolled.templates is None


def test_one_name_in_two_folders_is_ambiguous(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.jpg").touch()
    with pytest.raises(NoFile, match="ambiguous"):
        Folder(tmp_path).file("a.jpg")
    assert Folder(tmp_path).file("two/a.jpg").parent.name == "two"
    with pytest.raises(BadPairs):
        Folder(tmp_path / "one" / "a.jpg")


def test_it_needs_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(os.environ, "DATABASE_URL")
    assert not manage.needs_database(["evaluate_faces", "pairs.csv", "--images", "folder"])
