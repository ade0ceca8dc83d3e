"""Read before everything else: a throw-away PostgreSQL stands before Django's settings are loaded."""

pytest_plugins = ["tests.plugin"]
