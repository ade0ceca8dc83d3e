"""Lists of picture pairs: a CSV with `file_x`, `file_y` and `Decision` (Yes for one person, No for two), and its folder."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ("file_x", "file_y", "decision")
DELIMITERS = (",", ";", "\t")
ENCODINGS = ("utf-8-sig", "gb18030")
ANSWERS = {"yes": True, "no": False}


class BadPairs(ValueError):
    """The list or the folder cannot be used; the text says in one line where and why."""


class NoFile(Exception):
    """A name that leads to no file of the folder; the text is `missing`, `outside` or `ambiguous`."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two file names, and whether they show one person."""

    one: str
    other: str
    same: bool


def read_pairs(path: Path) -> list[Pair]:
    """Returns the pairs of a CSV file. Its columns come in any order, others are ignored, blank lines too. Raises BadPairs."""
    try:
        rows = list(_rows(_text(path).splitlines(keepends=True)))
    except csv.Error as error:
        raise BadPairs(f"{path.name}: {error}") from error
    if not rows:
        raise BadPairs(f"{path.name}: there are no pairs in it")
    return [_pair(path, line, cells) for line, cells in rows]


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadPairs(f"{path}: {error.strerror}") from error
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadPairs(f"{path.name}: it is no text in UTF-8")


def _rows(lines: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields the line number and the three cells of each row that is not blank."""
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if first == len(lines):
        return
    delimiter = max(DELIMITERS, key=lines[first].count)
    reader = csv.reader(lines[first:], delimiter=delimiter, skipinitialspace=True)
    header = [name.strip().lower() for name in next(reader)]
    lacking = [name for name in COLUMNS if name not in header]
    if lacking:
        raise BadPairs(f"line {first + 1}: the header has no {', '.join(lacking)}")
    for cells in reader:
        if any(cell.strip() for cell in cells):
            padded = cells + [""] * (len(header) - len(cells))
            yield first + reader.line_num, {name: padded[header.index(name)].strip() for name in COLUMNS}


def _pair(path: Path, line: int, cells: dict[str, str]) -> Pair:
    same = ANSWERS.get(cells["decision"].lower())
    if same is None:
        raise BadPairs(f"{path.name}, line {line}: Decision is neither Yes nor No")
    if not cells["file_x"] or not cells["file_y"]:
        raise BadPairs(f"{path.name}, line {line}: a file name is missing")
    return Pair(cells["file_x"], cells["file_y"], same)


class Folder:
    """The pictures of a folder and the folders in it; nothing outside is ever opened, not through a link either."""

    def __init__(self, path: Path) -> None:
        """Raises BadPairs unless it is a folder."""
        if not path.is_dir():
            raise BadPairs(f"{path}: there is no such folder")
        self._root = path.resolve()
        self._by_name: dict[str, list[Path]] | None = None

    def file(self, name: str) -> Path:
        """Returns the path of a name, which may lead through folders or stand for the only file so called. Raises NoFile."""
        try:
            found = self._named(name) or self._named(name.replace("\\", "/"))
        except (OSError, ValueError) as error:  # too long, or with a zero byte
            raise NoFile("missing") from error
        return found or self._somewhere(name)

    def _named(self, name: str) -> Path | None:
        path = (self._root / name).resolve()
        if not path.is_relative_to(self._root):
            raise NoFile("outside")
        return path if path.is_file() else None

    def _somewhere(self, name: str) -> Path:
        if self._by_name is None:
            self._by_name = {}
            for path in self._root.rglob("*"):
                if path.is_file() and path.resolve().is_relative_to(self._root):
                    self._by_name.setdefault(path.name, []).append(path)
        found = self._by_name.get(name, [])
        if len(found) != 1:
            raise NoFile("ambiguous" if found else "missing")
        return found[0]
