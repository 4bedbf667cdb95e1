"""What taking, changing and giving back an application refuses, each with the values it speaks of."""

from events.errors import DomainError


class AlreadyRegistered(DomainError):
    """This person has an application to this intake (``number``, ``state``)."""

    code = "already_registered"


class NoBookingNeeded(DomainError):
    """People come without booking (``title``)."""

    code = "no_booking_needed"


class IntakeNotOpen(DomainError):
    """Applications are not taken yet: ``opens_at``, or None while the workshop is not announced."""

    code = "intake_not_open"


class IntakeNotAnnounced(DomainError):
    """The workshop is a draft (``title``)."""

    code = "intake_not_announced"


class IntakeClosed(DomainError):
    """Applications were taken until ``deadline_at``."""

    code = "intake_closed"


class IntakeEnded(DomainError):
    """Applications are no longer taken (``title``)."""

    code = "intake_ended"


class ChannelNotOffered(DomainError):
    """The workshop does not take applications this way (``channel``)."""

    code = "channel_not_offered"


class SessionStopped(DomainError):
    """The session is cancelled or postponed (``held_on``, ``state``)."""

    code = "session_stopped"


class SessionBegun(DomainError):
    """The session has begun or is over (``held_on``)."""

    code = "session_begun"


class SessionNotChosen(DomainError):
    """The intake has several sessions to choose from, and none of them was named."""

    code = "session_not_chosen"


class SessionFull(DomainError):
    """No seat is free there (``held_on``), and the person would lose the one they have."""

    code = "session_full"


class SlotTaken(DomainError):
    """The time at the consultation tables is no longer free (``starts_at``)."""

    code = "slot_taken"


class RegistrationEnded(DomainError):
    """The application does not stand any more (``state``)."""

    code = "registration_ended"


class RegistrationStands(DomainError):
    """The application stands, so there is nothing to bring back (``state``)."""

    code = "registration_stands"


class NothingOffered(DomainError):
    """No seat is offered to this person now (``state``)."""

    code = "nothing_offered"


class OfferOver(DomainError):
    """The time to answer is over (``reply_by``)."""

    code = "offer_over"


class SameSession(DomainError):
    """The person has a place there already (``held_on``)."""

    code = "same_session"
