"""Write the next migration from what the tables say now: ``python tests/make_migration.py 0002 "what changed"``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # this checkout's models, whatever is installed

from alembic import command

from supportapp.database import _migration_settings, open_database

database = open_database("sqlite://")
with database.writing_engine.begin() as connection:
    settings = _migration_settings(connection)
    command.upgrade(settings, "head")
with database.writing_engine.begin() as connection:
    command.revision(_migration_settings(connection), sys.argv[2], autogenerate=True, rev_id=sys.argv[1])
