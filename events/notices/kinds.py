"""What a notice is about, and which of two that meet is told."""

from typing import Final

from events.states import NoticeState, RegistrationState

OFFER: Final = "seat_offer"
MOVED_TO: Final = "registration_moved"
RESTORED: Final = "registration_restored"
SESSION_CANCELLED: Final = "session_cancelled"
SESSION_POSTPONED: Final = "session_postponed"
SESSION_MOVED: Final = "session_moved"
SESSION_REOPENED: Final = "session_reopened"
REMINDER: Final = "reminder"
CANCEL_CHECK: Final = "web_cancel_check"  # a second application was taken back on the public page: and the first?

# what a person is told when their application comes into a state
KIND_OF_STATE: Final = {
    RegistrationState.CONFIRMED: "confirmed",
    RegistrationState.WAITING: "waiting",
    RegistrationState.WAITING_DRAW: "waiting_draw",
    RegistrationState.OFFERED: OFFER,
    RegistrationState.LOST: "lost",
    RegistrationState.REFUSED: "refused",
    RegistrationState.EXPIRED: "offer_expired",
    RegistrationState.DECLINED: "offer_declined",
    RegistrationState.CANCELLED_BY_HOST: "cancelled",
    RegistrationState.CANCELLED_BY_PERSON: "cancelled_by_person",
}
STATE_KINDS: Final = frozenset({*KIND_OF_STATE.values(), MOVED_TO, RESTORED})
STOPPING: Final = frozenset({SESSION_CANCELLED, SESSION_POSTPONED})
# news of a session that a person hears anyway with the day and place of their own result
_BESIDE: Final = frozenset({SESSION_MOVED, SESSION_REOPENED})

KINDS: Final = (
    *sorted(STATE_KINDS),
    SESSION_CANCELLED,
    SESSION_POSTPONED,
    SESSION_MOVED,
    SESSION_REOPENED,
    REMINDER,
    CANCEL_CHECK,
)
TO_TELL: Final = (NoticeState.PENDING, NoticeState.FAILED)


def merged_kind(standing: str, newer: str) -> str:
    """What a notice that has not left is about after something more happened: the last state wins.

    A new day or place does not replace news about the person's own seat: that notice says day and place as well.
    """
    return standing if newer in _BESIDE and standing in STATE_KINDS else newer


def reminder_kind(days: int) -> str:
    """The kind of a reminder that leaves ``days`` before the session."""
    return f"{REMINDER}_{days}"


def is_reminder(kind: str) -> bool:
    """Whether a notice only reminds."""
    return kind.startswith(REMINDER)
