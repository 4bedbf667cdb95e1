"""States and kinds, with the values that stand in data, files and JSON."""

from enum import StrEnum


class WorkshopKind(StrEnum):
    """What sort of offering a workshop is."""

    TRIAL = "trial"
    CLASS = "class"
    CONSULTATION = "consultation"
    OUTREACH = "outreach"
    ONLINE = "online"
    SUPPORTER_TRAINING = "supporter_training"


class ProgrammeState(StrEnum):
    """How far a workshop or one of its sessions has come."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    DRAWN = "drawn"
    NOTIFIED = "notified"
    HELD = "held"
    REPORTED = "reported"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


PUBLISHED_STATES = frozenset(ProgrammeState) - {ProgrammeState.DRAFT}
STOPPED_STATES = frozenset({ProgrammeState.CANCELLED, ProgrammeState.POSTPONED})


class IntakeMethod(StrEnum):
    """How seats are given out."""

    FIRST_COME = "first_come"
    DRAW = "draw"
    NO_BOOKING = "no_booking"


class IntakeUnit(StrEnum):
    """What one application is for."""

    SESSION = "session"
    COURSE = "course"
    CHOICE = "choice"
    SLOTS = "slots"


class RegistrationState(StrEnum):
    """Where an application stands."""

    WAITING_DRAW = "waiting_draw"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    DECLINED = "declined"
    LOST = "lost"
    EXPIRED = "expired"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    CANCELLED_BY_HOST = "cancelled_by_host"
    REFUSED = "refused"


ACTIVE_REGISTRATIONS = frozenset(
    {
        RegistrationState.WAITING_DRAW,
        RegistrationState.CONFIRMED,
        RegistrationState.WAITING,
        RegistrationState.OFFERED,
    }
)


class SeatState(StrEnum):
    """Whether a place at a session is taken, promised or free again."""

    CONFIRMED = "confirmed"
    OFFERED = "offered"
    RELEASED = "released"


class AttendanceState(StrEnum):
    """Who came."""

    PRESENT = "present"
    LATE = "late"
    ABSENT_NOTICE = "absent_notice"
    ABSENT = "absent"


class Channel(StrEnum):
    """How an application reached the office."""

    TELEPHONE = "telephone"
    COUNTER = "counter"
    POSTCARD = "postcard"
    LETTER = "letter"
    FAX = "fax"
    CITY_FORM = "city_form"
    WEB = "web"
    WALK_IN = "walk_in"


class PhoneKind(StrEnum):
    """What telephone a person carries."""

    UNKNOWN = "unknown"
    NONE = "none"
    FEATURE_PHONE = "feature_phone"
    IPHONE = "iphone"
    ANDROID = "android"


class ContactKind(StrEnum):
    """A way to reach a person."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    FAX = "fax"
    LINE = "line"
    POST = "post"


class DraftState(StrEnum):
    """Whether a call is being taken, on hold, finished or dropped."""

    ACTIVE = "active"
    HELD = "held"
    DONE = "done"
    DROPPED = "dropped"


class NoticeState(StrEnum):
    """Whether a message to a person has left."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"
