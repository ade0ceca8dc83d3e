"""What a public search costs: `uv run python bench/searching.py [ROWS]`.

Starts a throw-away PostgreSQL, fills the registrations with invented names past their foreign keys and asks the portal's own
query, `registry.record.searching.candidates`, for the first page. A fifth of the names holds “Xiao”, so that a search for
it fits very many; the others fit a few or none.
"""

import importlib
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.db import connection

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portal.embedded import cluster

ROWS, TIMES = 200_000, 15
NOW = datetime(2026, 6, 1, tzinfo=UTC)
LETTERS = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重"
FILL = """
INSERT INTO issuing_registration
    (id, registry_id, persona_id, operator_id, facts, version, issued_at, expires_at, changed_at, revoked_reason)
SELECT gen_random_uuid(), lpad(n::text, 12, '0'), gen_random_uuid(), gen_random_uuid(), jsonb_build_object(
    'name_zh', (
        SELECT string_agg(substr(%(letters)s, 1 + abs(hashtext(n || ':' || k)) %% length(%(letters)s), 1), '')
        FROM generate_series(1, 2 + n %% 3) AS k),
    'name_en', CASE n %% 5 WHEN 0 THEN 'Xiao ' ELSE '' END
        || initcap(translate(substr(md5(n::text), 1, 7), '0123456789', 'ghijklmnop')),
    'handles', jsonb_build_object('demo-live', '@' || translate(substr(md5('h' || n), 1, 9), '0123456789', 'qrstuvwxyz')),
    'platforms', jsonb_build_array('demo-live'), 'portrayed', 'nobody'),
    1, %(now)s - n * interval '1 second', %(now)s + interval '1 year', %(now)s, ''
FROM generate_series(1, %(rows)s) AS n
"""


def run(statement: str, values: Any = None) -> list[Any]:
    """Returns what a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def measure(searching: Any, wanted: Any) -> str:
    """Returns how many fit, the plan's scans and the milliseconds of the first page."""
    page, spent = searching.candidates(wanted, NOW)[: searching.PAGE + 1], []
    for _time in range(TIMES):
        began = time.perf_counter()
        found = list(page.all())
        spent.append((time.perf_counter() - began) * 1000)
    [[plan]] = run("EXPLAIN (FORMAT JSON) " + page.query.sql_with_params()[0], page.query.sql_with_params()[1])
    scans = [name for name in ("record_found_by_pairs", "record_by_date") if name in json.dumps(plan)] or ["the whole table"]
    return f"{len(found):>3} shown  median {statistics.median(spent):8.2f} ms  worst {max(spent):8.2f} ms  {', '.join(scans)}"


def main() -> None:
    """Prints the figures."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # passable, so that root's PostgreSQL reaches its own folder below
        claim = cluster.hold(folder, durable=False)
        os.environ |= {"DATA_DIR": name, "DATABASE_URL": claim.cluster.url, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        django.setup()
        importlib.import_module("django.core.management").call_command("migrate", interactive=False, verbosity=0)
        searching = importlib.import_module("registry.record.searching")
        try:
            run("SET session_replication_role = replica")
            began = time.perf_counter()
            run(FILL, {"letters": LETTERS, "now": NOW, "rows": rows})
            filled = time.perf_counter() - began
            run("VACUUM ANALYZE issuing_registration")
            [[size]] = run("SELECT pg_relation_size('record_found_by_pairs') / 1048576.0")
            print(f"{rows:,} registrations in {filled:.0f} s ({filled / rows * 1e6:.0f} µs each); index {size:.0f} MiB")
            [[exact]] = run("SELECT facts ->> 'name_en' FROM issuing_registration WHERE registry_id = %s", ["000000004321"])
            for text in (exact, "天地玄", "天地", "xiao", "xi", "ab", "nobody-is-called-this", "xiaoq"):
                print(f"  {text:<22} {measure(searching, searching.Wanted(text.lower()))}")
            for status in ("active", "suspended", "revoked"):
                print(f"  {'xiao, ' + status:<22} {measure(searching, searching.Wanted('xiao', status=status))}")
        finally:
            connection.close()
            claim.release()


if __name__ == "__main__":
    main()
