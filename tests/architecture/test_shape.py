"""The shape of the house, counted: file and function sizes, names of rooms' furniture, no business by signal."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
STOREYS = ("portal", "verification", "registry", "demo")
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
AIM_FILE_P90, AIM_FUNCTION_P90 = 180, 25
CATCH_ALL = {"utils", "helpers", "common", "mixins", "misc", "util", "helper", "base"}
# name: why it may be larger than the aim
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


def sources() -> list[Path]:
    """Returns the project's own modules, migrations left out."""
    return [path for storey in STOREYS for path in sorted((PROJECT / storey).rglob("*.py")) if "migrations" not in path.parts]


def functions(path: Path) -> Iterator[tuple[str, int, ast.AST]]:
    """Yields name, lines and node of each function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{path.relative_to(PROJECT)}::{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1, node


def p90(numbers: list[int]) -> int:
    """Returns the 90th percentile."""
    return sorted(numbers)[int(len(numbers) * 0.9)]


def test_no_file_outgrows_its_room() -> None:
    sizes = {str(path.relative_to(PROJECT)): len(path.read_text().splitlines()) for path in sources()}
    assert {name for name, size in sizes.items() if size > LONGEST_FILE} <= set(LONG_FILES)
    assert p90(list(sizes.values())) <= AIM_FILE_P90


def test_no_function_is_too_long_to_read() -> None:
    sizes = {name: size for path in sources() for name, size, _node in functions(path)}
    assert {name for name, size in sizes.items() if size > LONGEST_FUNCTION} <= set(LONG_FUNCTIONS)
    assert p90(list(sizes.values())) <= AIM_FUNCTION_P90


def test_a_module_is_named_after_its_one_job() -> None:
    assert [str(path) for path in sources() if path.stem in CATCH_ALL or path.parent.name in CATCH_ALL] == []


def test_business_never_happens_by_signal() -> None:
    found = [str(path) for path in sources() if "django.db.models.signals" in path.read_text() or "post_save" in path.read_text()]
    assert found == []


def test_nothing_is_imported_inside_a_function() -> None:
    found = [
        name
        for path in sources()
        for name, _size, node in functions(path)
        if any(isinstance(inner, (ast.Import, ast.ImportFrom)) for inner in ast.walk(node))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("library", "owner"), [("face_recognition", "verification/engines/face.py"), ("rapidocr", "verification/engines/ocr.py")]
)
def test_only_one_module_imports_a_library_of_models(library: str, owner: str) -> None:
    users = [
        str(path.relative_to(PROJECT))
        for path in sources()
        if any(library in ast.unparse(n) for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, (ast.Import, ast.ImportFrom)))
    ]
    assert users == [owner]


def test_decisions_import_no_database() -> None:
    pure = [path for path in sources() if path.stem in ("rules", "verdict", "registry_id") or path.match("kit/outcome.py")]
    assert pure
    for path in pure:
        imported = [ast.unparse(n) for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, (ast.Import, ast.ImportFrom))]
        assert not [line for line in imported if "django.db" in line or ".models" in line], path


def public_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yields the functions at the top of service, query and rule modules that other rooms call."""
    for path in sources():
        rooms = {path.stem, path.parent.name}
        if not rooms & {"services", "queries", "rules", "verdict", "states"}:
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{path.relative_to(PROJECT)}::{node.name}", node


@pytest.mark.parametrize(("name", "node"), list(public_functions()), ids=lambda value: value if isinstance(value, str) else "")
def test_public_functions_say_what_they_return(name: str, node: ast.FunctionDef) -> None:
    assert ast.get_docstring(node), name


def services() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yields each service: a public function of a services module that takes an actor."""
    for name, node in public_functions():
        keywords = {argument.arg for argument in node.args.kwonlyargs}
        if "services" in name and "actor" in keywords:
            yield name, node


@pytest.mark.parametrize(("name", "node"), list(services()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_service_is_keyword_only_and_asks_first(name: str, node: ast.FunctionDef) -> None:
    assert [each.arg for each in node.args.args] in ([], ["event"], ["case"]), f"{name} takes more than its one subject by position"
    assert node.args.kwarg is None or name.endswith("::record"), f"{name} takes **kwargs"
    assert "now" in {argument.arg for argument in node.args.kwonlyargs}, f"{name} reads the clock"
