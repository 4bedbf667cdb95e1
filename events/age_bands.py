"""Age bands as the office counts them."""

from datetime import date
from typing import Final

from events.japan.fiscal_year import age_on

AGE_BANDS: Final = ("-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85-")
_UPPER_ENDS: Final = ((59, "-59"), (64, "60-64"), (69, "65-69"), (74, "70-74"), (79, "75-79"), (84, "80-84"))


def band_of_age(age: int) -> str:
    """The band that an age in full years falls into."""
    for upper, band in _UPPER_ENDS:
        if age <= upper:
            return band
    return AGE_BANDS[-1]


def band_on(birth_date: date | None, age_band: str, day: date | None) -> str:
    """The band on ``day``: from the date of birth if there is one, else as it was told; "" when nobody knows."""
    if birth_date is None or day is None:
        return age_band
    return band_of_age(age_on(birth_date, day))
