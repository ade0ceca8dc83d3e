"""Looking for a face among many: exact scan against HNSW, `uv run python bench/face_search.py [--million]`.

Starts a throw-away PostgreSQL, fills the portal's own tables with synthetic templates and asks its own query,
`verification.queries.nearest`, once as it is and once with the index forbidden. The templates are no faces: one
normal cloud of people and a smaller one round each, made so that two strangers lie about 0.85 ± 0.08 apart and two
templates of one person about 0.38, as dlib's do on good photographs. One identity in twenty is revoked, each query
leaves an account out. Aim: recall@1 ≥ 0.99, p95 ≤ 10 ms.
"""

import argparse
import importlib
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import django
import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray
from pgvector import Vector
from pgvector.psycopg import register_vector

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portal.embedded import cluster

Vectors = NDArray[np.float32]
SIZES, MILLION = (10_000, 100_000), 1_000_000
QUERIES = 300  # noisy copies of stored people, and as many strangers
BETWEEN, WITHIN, DECAY = 0.29, 0.072, 25.0  # variances; the decay leaves about 50 dimensions that matter
NOW = datetime(2026, 1, 1, tzinfo=UTC)
NEAREST = Callable[..., list[tuple[uuid.UUID, float]]]


def cloud(count: int, variance: float, seed: int) -> Vectors:
    """Returns vectors of this total variance, shape (count, 128), most of it in the first dimensions of a turned space."""
    rng = np.random.default_rng(seed)
    spectrum = np.exp(-np.arange(128) / DECAY)
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((128, 128)))
    drawn = rng.standard_normal((count, 128)).astype(np.float32) * np.sqrt(variance * spectrum / spectrum.sum())
    made: Vectors = (drawn @ turn.T + 0.09).astype(np.float32)
    return made


def noisy(people: Vectors, seed: int) -> Vectors:
    """Returns another template of each person."""
    return people + cloud(len(people), WITHIN, seed) - np.float32(0.09)


def fill(stored: Vectors, start: int) -> None:
    """Adds identities and templates to the portal's tables, past their foreign keys: nobody else is needed."""
    columns, _values, kinds = row_of_identity(0)
    with psycopg.connect(os.environ["DATABASE_URL"]) as link:
        register_vector(link)
        with link.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            with cursor.copy(f"COPY verification_identity ({columns}) FROM STDIN WITH (FORMAT BINARY)".encode()) as copy:
                copy.set_types(kinds)
                for number in range(start, start + len(stored)):
                    copy.write_row(row_of_identity(number)[1])
            with cursor.copy("COPY verification_facetemplate (identity_id, vector, created_at) FROM STDIN WITH (FORMAT BINARY)") as copy:
                copy.set_types(["uuid", "vector", "timestamptz"])
                for number, vector in enumerate(stored, start):
                    copy.write_row((uuid.UUID(int=number + 1), Vector(vector), NOW))


def row_of_identity(number: int) -> tuple[str, list[Any], list[str]]:
    """Returns columns, values and types of a row that stands for a person; every twentieth is revoked."""
    key = uuid.UUID(int=number + 1)
    row: dict[str, tuple[Any, str]] = {
        "id": (key, "uuid"), "user_id": (key, "uuid"), "case_id": (key, "uuid"), "data_key_id": (key, "uuid"),
        "document_type": ("passport", "text"), "number_index": (number.to_bytes(16, "big"), "bytea"),
        "full_name": (b"\x01", "bytea"), "document_number": (b"\x01", "bytea"), "birth_date": (b"\x01", "bytea"),
        "is_minor": (False, "bool"), "verified_at": (NOW, "timestamptz"), "valid_until": (NOW, "timestamptz"),
        "revoked_at": (NOW if number % 20 == 0 else None, "timestamptz"), "template_attempts": (0, "int2"),
    }  # fmt: skip
    return ", ".join(row), [value for value, _ in row.values()], [kind for _, kind in row.values()]


def run(statement: str) -> Any:
    """Returns the first cell of what a statement gives, if it gives any."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def without_index() -> str:
    """Returns the index's definition, as the migration made it, and drops it: filling goes ten times as fast."""
    definition = run("SELECT indexdef FROM pg_indexes WHERE indexname = 'template_by_distance'")
    run("DROP INDEX template_by_distance")
    return str(definition)


def index(definition: str) -> float:
    """Returns the seconds it takes to build the index."""
    run("SET maintenance_work_mem = '3GB'")
    began = time.perf_counter()
    run(definition)
    spent = time.perf_counter() - began
    run("VACUUM ANALYZE verification_facetemplate")
    run("ANALYZE verification_identity")
    return spent


def asked(nearest: NEAREST, questions: Vectors, *, exact: bool) -> tuple[list[Any], NDArray[np.float64]]:
    """Returns who is nearest to each question, and the milliseconds of each query."""
    run(f"SET enable_indexscan = {'off' if exact else 'on'}")
    nearest(questions[0], limit=1, exclude_user=uuid.UUID(int=2))  # the first query of a connection loads pgvector
    answers, spent = [], []
    for question in questions:
        began = time.perf_counter()
        found = nearest(question, limit=1, exclude_user=uuid.UUID(int=2))
        spent.append((time.perf_counter() - began) * 1000)
        answers.append(found[0] if found else None)
    return answers, np.array(spent)


def measure(queries: Any, people: Vectors, stored: Vectors, built: float) -> None:
    """Prints the figures for what is stored, with the seconds that the index took."""
    size = run("SELECT pg_relation_size('template_by_distance')") / 2**20
    print(f"\n{len(stored):,} templates: index built in {built:.1f} s, {size:.0f} MiB; load average {os.getloadavg()[0]:.1f}")
    standing = np.random.default_rng(5).permutation([number for number in range(2, len(stored)) if number % 20])[:QUERIES]
    for name, questions in (("known", noisy(people[standing], 6)), ("stranger", cloud(QUERIES, BETWEEN + WITHIN, 7))):
        right, spent = asked(queries.nearest, questions[: 60 if len(stored) > 500_000 else QUERIES], exact=True)
        print(f"  {name:<9} exact         {told(spent)}  nearest at {np.median([at for _, at in right]):.2f}")
        for follow in sorted({40, 100, queries.EF_SEARCH}):
            with mock.patch.object(queries, "EF_SEARCH", follow):
                given, spent = asked(queries.nearest, questions, exact=False)
            recall = np.mean([ours is not None and ours[0] == theirs[0] for ours, theirs in zip(given, right, strict=False)])
            print(f"  {'':<9} ef_search {follow:>3} {told(spent)}  recall@1 {recall:.4f}")


def told(spent: NDArray[np.float64]) -> str:
    """Returns the median and the 95th percentile of milliseconds."""
    return f"p50 {np.median(spent):7.2f}  p95 {np.percentile(spent, 95):7.2f} ms"


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--million", action="store_true", help="also one million templates: an hour, most of it for the index")
    sizes = (*SIZES, MILLION) if parser.parse_args().million else SIZES
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # passable, so that root's PostgreSQL reaches its own folder below
        claim = cluster.hold(folder, durable=False)
        os.environ |= {"DATA_DIR": name, "DATABASE_URL": claim.cluster.url, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        django.setup()
        importlib.import_module("django.core.management").call_command("migrate", interactive=False, verbosity=0)
        queries = importlib.import_module("verification.queries")
        people, there = cloud(max(sizes), BETWEEN, 1), 0
        stored = noisy(people, 2)
        try:
            for size in sizes:
                definition = without_index()
                fill(stored[there:size], there)
                there = size
                measure(queries, people[:size], stored[:size], index(definition))
        finally:
            connection.close()
            claim.release()


if __name__ == "__main__":
    main()
