"""Every table, in one place: the only import for metadata."""

from sqlmodel import SQLModel

import events.models
import supportapp.accounts_tables
import supportapp.backup_tables
import supportapp.importing_tables
import volunteers.models

METADATA = SQLModel.metadata
PACKAGES = (
    events.models,
    volunteers.models,
    supportapp.accounts_tables,
    supportapp.backup_tables,
    supportapp.importing_tables,
)
