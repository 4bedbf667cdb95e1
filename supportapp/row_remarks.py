"""What is told of one cell of a file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowRemark:
    """A problem or a note about one cell; ``column`` is the header as the file writes it."""

    row: int
    column: str
    value: str
    code: str
