"""Whether somebody may take part: old enough on the day, and living, working or studying in the city if asked."""

from datetime import date
from typing import Final

from events.age_bands import AGE_BANDS
from events.japan.fiscal_year import age_on

ELSEWHERE: Final = "elsewhere"
_OLDEST: Final = {band: int(band.rpartition("-")[2]) for band in AGE_BANDS[:-1]}  # the last band has no end


def is_too_young(birth_date: date | None, age_band: str, least: int | None, day: date) -> bool:
    """Whether a person is certainly younger than ``least`` on ``day``; who gave neither birth nor band is not."""
    if least is None:
        return False
    if birth_date is not None:
        return age_on(birth_date, day) < least
    return age_band in _OLDEST and _OLDEST[age_band] < least


def is_from_elsewhere(residence: str, *, residents_only: bool) -> bool:
    """Whether a workshop is only for 在住・在勤・在学 and a person said that they are none of these."""
    return residents_only and residence == ELSEWHERE
