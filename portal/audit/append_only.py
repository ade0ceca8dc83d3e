"""Migration operation: a table whose rows can be added and read, and nothing else, whoever asks."""

from django.db.migrations import RunSQL

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> RunSQL:
    """Returns the operation that refuses UPDATE, DELETE and TRUNCATE on `table`, for the table's owner too."""
    trigger = f"""
    CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER {table}_keeps_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keeps_rows;
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keeps_table;
    """
    undo = f"DROP TRIGGER {table}_keeps_rows ON {table}; DROP TRIGGER {table}_keeps_table ON {table};"
    return RunSQL(_FUNCTION + trigger, undo)
