"""What a published row says as it is stored, and by what it is known again."""

import hashlib
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

from events.errors import DomainError
from events.free_text import checked_text
from events.importing.rows import ImportProblem, OfferingRow, OfferingSessionRow

_LONGEST_KEY = 600
# column → the most characters it holds; longer published text is cut, the page it came from has the rest
_CUTS = {
    "title": 200,
    "summary": 4000,
    "target": 1000,
    "url": 500,
    "fee_note": 400,
    "application_text": 4000,
    "contact_name": 200,
    "contact_telephone": 40,
}


def source_key(offering: OfferingRow) -> str:
    """The key as stored: as it is, or its digest when it is too long for the column."""
    if len(offering.key) <= _LONGEST_KEY:
        return offering.key
    return hashlib.sha256(offering.key.encode()).hexdigest()


def fingerprint(offering: OfferingRow, session: OfferingSessionRow) -> str:
    """What a row said, as a digest; its place in the file does not matter."""
    said = astuple(session)[1:], [getattr(offering, name) for name in _CUTS], offering.deadline_on
    return hashlib.sha256(repr(said).encode()).hexdigest()


def texts(offering: OfferingRow) -> dict[str, Any]:
    """The columns of the workshop that are texts, cut to what they hold."""
    return {
        name: checked_text(getattr(offering, name), field=name, longest=100_000, lines=True)[:longest]
        for name, longest in _CUTS.items()
    }


def text_problems(offering: OfferingRow, row: int) -> Iterable[ImportProblem]:
    """The texts of an offering that cannot be stored."""
    if not offering.title.strip():
        yield ImportProblem(row, "title", "", "required")
    for name in _CUTS:
        value = getattr(offering, name)
        try:
            checked_text(value, field=name, longest=max(len(value), 1), lines=True)
        except DomainError as error:
            # the number itself is never repeated
            yield ImportProblem(row, name, str(error.details["value"]), str(error.details["problem"]))
