"""What cannot be read as a date, a time or a number of Japan. ``value`` is always what was given.

DomainError
└── Unreadable
    ├── UnreadableDate        no such date, or more than one reading
    ├── DateOutsideEra        昭和65年: the era was over by then; ``meant`` is the same day as its own era writes it
    ├── WeekdayMismatch       10月14日（木）: that day is another weekday; ``weekday`` is the right one
    ├── UnreadableTime        no such time, or more than one reading
    ├── UnreadableFiscalYear
    ├── UnreadableTelephone
    └── UnreadableMunicipalityCode
"""

from events.errors import DomainError


class Unreadable(DomainError):
    """A value of Japan's forms that cannot be read."""

    code = "unreadable"

    def __init__(self, *, value: object, **details: object) -> None:
        super().__init__(value=value, **details)


class UnreadableDate(Unreadable):
    """No such date, or more than one reading."""

    code = "unreadable_date"


class DateOutsideEra(Unreadable):
    """The era does not cover that year or day."""

    code = "date_outside_era"


class WeekdayMismatch(Unreadable):
    """The date and the weekday beside it contradict each other."""

    code = "weekday_mismatch"


class UnreadableTime(Unreadable):
    """No such time, or more than one reading."""

    code = "unreadable_time"


class UnreadableFiscalYear(Unreadable):
    """No such fiscal year."""

    code = "unreadable_fiscal_year"


class UnreadableTelephone(Unreadable):
    """No telephone number of Japan: wrong length or no leading zero."""

    code = "unreadable_telephone"


class UnreadableMunicipalityCode(Unreadable):
    """No 全国地方公共団体コード: wrong length or wrong check digit."""

    code = "unreadable_municipality_code"
