"""What planning refuses, each with the values it speaks of."""

from events.errors import DomainError


class ReadOnlyWorkshop(DomainError):
    """A workshop of the past cannot be changed; it can be planned again (``title``)."""

    code = "read_only_workshop"


class RoomTaken(DomainError):
    """Another session is in the room then (``room``, ``day``, ``from_time``, ``to_time``, ``other``)."""

    code = "room_taken"


class RoomTakenHere(DomainError):
    """Two sessions of the same plan want the room at the same time (``room``, ``day``, ``from_time``, ``to_time``)."""

    code = "room_taken_here"


class VenueRetired(DomainError):
    """Nothing more is planned at the venue (``venue``, ``day``), and nobody confirmed that this is meant."""

    code = "venue_retired"


class VenueClosed(DomainError):
    """The venue is closed on that day (``venue``, ``day``) and nobody confirmed that it opens."""

    code = "venue_closed"


class DayIsPast(DomainError):
    """The day is over (``day``) and nobody confirmed that this is meant."""

    code = "day_is_past"


class SeatsBelowTaken(DomainError):
    """More people have a place than there would be seats (``seats``, ``taken``)."""

    code = "seats_below_taken"


class RoomLimitBelowSeats(DomainError):
    """A coming session has more seats than the room would hold (``limit``, ``seats``, ``day``)."""

    code = "room_limit_below_seats"


class WrongState(DomainError):
    """What is asked does not go with the state (``state``)."""

    code = "wrong_state"


class SessionHeld(DomainError):
    """The session is over (``held_on``): it can be corrected, but neither stopped nor hidden."""

    code = "session_held"


class NothingToPublish(DomainError):
    """A session lacks a time or a place (``day``)."""

    code = "nothing_to_publish"


class VenueInUse(DomainError):
    """Coming sessions are planned there (``name``, ``count``)."""

    code = "venue_in_use"


class NameTaken(DomainError):
    """There is one of that name already (``name``)."""

    code = "name_taken"
