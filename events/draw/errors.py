"""What a draw refuses, each with the values it speaks of."""

from events.errors import DomainError


class NotDrawn(DomainError):
    """Places here are not drawn but given in the order of applications (``title``)."""

    code = "not_drawn"


class DrawTooEarly(DomainError):
    """Applications are taken until ``deadline_at``, and nobody gave a reason to draw before."""

    code = "draw_too_early"


class DeadlineAfterSession(DomainError):
    """The deadline (``deadline_at``) is not before the session begins (``starts_at``)."""

    code = "deadline_after_session"


class NobodyToDraw(DomainError):
    """Nobody applied, or everybody is set apart (``set_apart``: how many)."""

    code = "nobody_to_draw"


class WeightsExcludeEveryone(DomainError):
    """With these rules no applicant has a slip (``count``: how many would take part otherwise)."""

    code = "weights_exclude_everyone"


class DrawLocked(DomainError):
    """People are being told of the result (since ``locked_at``), so it stands."""

    code = "draw_locked"


class DrawIsOver(DomainError):
    """The draw was held at ``drawn_at``; who takes part is no longer changed."""

    code = "draw_is_over"


class RecordUnreadable(DomainError):
    """A record lacks something or holds what it may not: ``part`` names where."""

    code = "draw_record_unreadable"


class RecordOfAnotherVersion(DomainError):
    """A record of an algorithm that is not known here (``algorithm``)."""

    code = "draw_record_other_algorithm"


class RecordDoesNotMatch(DomainError):
    """Drawn again, application ``number`` comes out otherwise: ``expected``, while the record says ``found``."""

    code = "draw_record_does_not_match"
