"""Why a matching problem was refused.

ProblemRefused
├── NotJson          the file is not JSON
├── WrongType        a value of another type than the form asks for
├── MissingKey       a key that must be there is not
├── UnknownKey       a key that the form does not know
├── UnknownId        a session or volunteer that is not in the lists
├── DuplicateId      the same id twice
├── BadTime          not an ISO 8601 date or time
├── NaiveTime        a time without its offset
├── EndsBeforeStart  a session or window that ends before it starts
├── LeadsOverNeed    more leads asked for than helpers
├── OutOfRange       a number that cannot be meant
└── TooLarge         more than can be answered in one go
"""

from events.errors import DomainError

LONGEST_VALUE_SHOWN = 80


class ProblemRefused(DomainError):
    """The matching problem cannot be read; `where` is the path in the file, `value` what stood there."""

    code = "problem_refused"

    def __init__(self, where: str, value: object = "") -> None:
        shown = value if isinstance(value, str) else repr(value)
        self.where = where
        self.value = shown[:LONGEST_VALUE_SHOWN].encode("utf-8", "replace").decode("utf-8")
        super().__init__(where=self.where, value=self.value)


class NotJson(ProblemRefused):
    """The file is not JSON."""

    code = "problem_not_json"


class WrongType(ProblemRefused):
    """A value is of another type than the form asks for."""

    code = "problem_wrong_type"


class MissingKey(ProblemRefused):
    """A key that must be there is not; `value` is the key."""

    code = "problem_missing_key"


class UnknownKey(ProblemRefused):
    """The form knows no such key; `value` is the key."""

    code = "problem_unknown_key"


class UnknownId(ProblemRefused):
    """No session or volunteer has this id; `value` is the id."""

    code = "problem_unknown_id"


class DuplicateId(ProblemRefused):
    """Two sessions or two volunteers share an id; `value` is the id."""

    code = "problem_duplicate_id"


class BadTime(ProblemRefused):
    """Not an ISO 8601 date or time."""

    code = "problem_bad_time"


class NaiveTime(ProblemRefused):
    """A time without its offset may mean any hour."""

    code = "problem_naive_time"


class EndsBeforeStart(ProblemRefused):
    """A session must end after it starts, a window must not end before."""

    code = "problem_ends_before_start"


class LeadsOverNeed(ProblemRefused):
    """Leads are part of the helpers needed, so they cannot be more."""

    code = "problem_leads_over_need"


class OutOfRange(ProblemRefused):
    """A number that cannot be meant: negative, endless or absurdly large."""

    code = "problem_out_of_range"


class TooLarge(ProblemRefused):
    """More than can be answered in one go; `where` names what there is too much of, `value` how much."""

    code = "problem_too_large"
