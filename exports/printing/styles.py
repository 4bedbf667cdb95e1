"""The named styles of paper. Sizes are points; ``leading`` is the height of a line in sizes of its letters."""

from dataclasses import dataclass, replace
from typing import Final

LEAST_POINT: Final = 12.0  # nothing that a citizen or a desk reads is printed smaller


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks. A point size below 12 is raised to 12."""

    point: float
    bold: bool = False
    leading: float = 1.5

    def __post_init__(self) -> None:
        """Keep the promise of the smallest size."""
        object.__setattr__(self, "point", max(self.point, LEAST_POINT))

    @property
    def line(self) -> float:
        """The height of one line in millimetres."""
        return self.point * self.leading * 25.4 / 72

    def scaled(self, factor: float) -> "Style":
        """The same style larger or smaller, never below 12 points."""
        return replace(self, point=self.point * factor)


SMALL: Final = Style(12)
LABEL: Final = Style(12, bold=True)
BODY: Final = Style(14)
STRONG: Final = Style(14, bold=True)
LARGE: Final = Style(18, bold=True)
HEADING: Final = Style(20, bold=True, leading=1.4)
TITLE: Final = Style(28, bold=True, leading=1.3)
POSTER_TITLE: Final = Style(44, bold=True, leading=1.25)
POSTER_BODY: Final = Style(20)
POSTER_STRONG: Final = Style(26, bold=True, leading=1.35)
NUMBER: Final = Style(30, bold=True, leading=1.2)
