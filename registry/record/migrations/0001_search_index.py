"""Names and handles are found by their pairs of letters: a GIN index over an expression, so that it is never behind the facts.

`pg_trgm` would do, but needs three letters (Chinese names have two) and is no part of the embedded PostgreSQL.
"""

from django.db import migrations

TEXT = r"""
CREATE FUNCTION record_text(facts jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 200
BEGIN ATOMIC
    SELECT lower(normalize(
        coalesce(facts ->> 'name_zh', '') || E'\n' || coalesce(facts ->> 'name_en', '') || E'\n' || coalesce(
            (SELECT string_agg(value, E'\n' ORDER BY key) FROM jsonb_each_text(
                CASE jsonb_typeof(facts -> 'handles') WHEN 'object' THEN facts -> 'handles' ELSE '{}'::jsonb END
            )), ''), NFKC));
END
"""
PAIRS = r"""
CREATE FUNCTION record_pairs(value text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 500
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT substr(value, place, 2)), '{}'::text[])
    FROM generate_series(1, length(value) - 1) AS place
    WHERE position(E'\n' IN substr(value, place, 2)) = 0;
END
"""
# Every other pair and the last: all letters are in them, and the planner, who multiplies, is not misled by as many that go together.
ASKED = r"""
CREATE FUNCTION record_asked(value text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT array_agg(DISTINCT substr(value, least(place, length(value) - 1), 2)) FROM generate_series(1, length(value), 2) AS place;
END
"""
BY_PAIRS = "CREATE INDEX record_found_by_pairs ON issuing_registration USING gin (record_pairs(record_text(facts)))"
BY_DATE = "CREATE INDEX record_by_date ON issuing_registration (issued_at DESC, registry_id)"  # for what very many names hold


class Migration(migrations.Migration):
    initial = True

    dependencies = [("issuing", "0001_initial")]

    operations = [
        migrations.RunSQL([TEXT], ["DROP FUNCTION record_text(jsonb)"]),
        migrations.RunSQL([PAIRS], ["DROP FUNCTION record_pairs(text)"]),
        migrations.RunSQL([ASKED], ["DROP FUNCTION record_asked(text)"]),
        migrations.RunSQL([BY_PAIRS], ["DROP INDEX record_found_by_pairs"]),
        migrations.RunSQL([BY_DATE], ["DROP INDEX record_by_date"]),
    ]
