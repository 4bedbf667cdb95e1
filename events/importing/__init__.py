"""Files in: published offerings and facilities, people and their applications. All of a file, or nothing.

rows: what a file says, in plain values, and what became of it. offerings (with sessions, places, published): workshops
of an event list. facilities: a list of venues. people: attendees. applications: registrations.
"""

from events.importing.offerings import import_offerings
from events.importing.rows import (
    DraftNote,
    ImportProblem,
    ImportRefused,
    ImportReport,
    OfferingRow,
    OfferingSessionRow,
)

__all__ = [
    "DraftNote",
    "ImportProblem",
    "ImportRefused",
    "ImportReport",
    "OfferingRow",
    "OfferingSessionRow",
    "import_offerings",
]
