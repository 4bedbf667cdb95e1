"""Whether an intake takes an application now, and the rows that are locked while it is decided."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import NotFound
from events.models import Attendee, ChannelWindow, Intake, IntakeSession, Registration, Workshop, WorkshopSession
from events.registration_errors import (
    ChannelNotOffered,
    IntakeClosed,
    IntakeEnded,
    IntakeNotAnnounced,
    IntakeNotOpen,
    NoBookingNeeded,
    SessionBegun,
    SessionNotChosen,
    SessionStopped,
)
from events.seats import lock_sessions
from events.states import (
    STOPPED_STATES,
    Channel,
    IntakeMethod,
    IntakeUnit,
    PhoneKind,
    ProgrammeState,
)

OVER_STATES = frozenset({ProgrammeState.HELD, ProgrammeState.REPORTED})
WITHOUT_PHONE = frozenset({PhoneKind.NONE, PhoneKind.FEATURE_PHONE})


def lock_intake(db: Session, intake_id: UUID) -> Intake:
    """The intake as it stands now, kept from others until the end of the transaction. Raises NotFound."""
    query = (
        select(Intake).where(Intake.id == intake_id).with_for_update().execution_options(populate_existing=True)
    )
    intake = db.exec(query).first()
    if intake is None:
        raise NotFound(thing="intake_id")
    return intake


def lock_registration(db: Session, registration_id: UUID) -> tuple[Registration, Intake, list[WorkshopSession]]:
    """An application as it stands now, with its intake and that intake's sessions, all kept from others."""
    intake_id = db.exec(select(Registration.intake_id).where(Registration.id == registration_id)).first()
    if intake_id is None:
        raise NotFound(thing="registration_id")
    intake = lock_intake(db, intake_id)
    sessions = lock_intake_sessions(db, intake)
    query = (
        select(Registration)
        .where(Registration.id == registration_id)
        .execution_options(populate_existing=True)
    )
    return db.exec(query).one(), intake, sessions


def lock_intake_sessions(db: Session, intake: Intake) -> list[WorkshopSession]:
    """All sessions an intake gives seats of, kept from others, in the order of time."""
    ids = db.exec(select(IntakeSession.session_id).where(IntakeSession.intake_id == intake.id)).all()
    return sorted(lock_sessions(db, ids), key=lambda session: (session.held_on, session.number))


def is_before_draw(intake: Intake) -> bool:
    """Whether applications still wait for a draw."""
    return is_before_the_draw(intake.method, drawn=intake.drawn_at is not None)


def is_before_the_draw(method: IntakeMethod, *, drawn: bool) -> bool:
    """Whether places are drawn and have not been yet."""
    return method is IntakeMethod.DRAW and not drawn


def has_begun(session: WorkshopSession, now: datetime) -> bool:
    """Whether a session has begun or is over."""
    return session.state in OVER_STATES or (session.starts_at is not None and session.starts_at <= now)


def needs_loan_phone(attendee: Attendee, *, wants_device: bool) -> bool:
    """Whether a person needs one of the office's phones: they have none, an old one, or asked for it."""
    return wants_device or attendee.phone_kind in WITHOUT_PHONE


def sessions_to_book(
    intake: Intake, sessions: Sequence[WorkshopSession], session_id: UUID | None, *, now: datetime, reason: str
) -> list[WorkshopSession]:
    """The sessions that one application takes a seat in: one that was chosen, or all that still come.

    Raises SessionNotChosen, NotFound, SessionStopped, SessionBegun (a course that runs may be joined with a reason).
    """
    wanted = list(sessions)
    if intake.unit is IntakeUnit.CHOICE and session_id is None:
        raise SessionNotChosen
    if session_id is not None and intake.unit is not IntakeUnit.COURSE:
        wanted = [session for session in sessions if session.id == session_id]
        if not wanted:
            raise NotFound(thing="session_id")
    standing = [session for session in wanted if session.state not in STOPPED_STATES]
    if not standing:
        raise SessionStopped(held_on=wanted[0].held_on, state=wanted[0].state.value)
    coming = [session for session in standing if not has_begun(session, now)]
    if not coming or (len(coming) < len(standing) and not reason):
        raise SessionBegun(held_on=standing[0].held_on)
    return coming


def must_take_applications(
    db: Session, intake: Intake, workshop: Workshop, *, channel: Channel, now: datetime, reason: str
) -> None:
    """Refuse outside of the time and the ways of an intake; staff may go past these with a ``reason``.

    Raises NoBookingNeeded, IntakeNotAnnounced, SessionStopped or IntakeEnded (whatever the reason), and
    IntakeNotOpen, IntakeClosed, ChannelNotOffered.
    """
    if intake.method is IntakeMethod.NO_BOOKING:
        raise NoBookingNeeded(title=workshop.title)
    if workshop.state is ProgrammeState.DRAFT:
        raise IntakeNotAnnounced(title=workshop.title)
    if workshop.state in STOPPED_STATES | OVER_STATES or workshop.read_only:
        raise IntakeEnded(title=workshop.title)
    if reason:
        return
    if intake.channels and channel.value not in intake.channels:
        raise ChannelNotOffered(channel=channel.value)
    opens_at, closes_at = window_of(db, intake, channel)
    if opens_at is not None and now < opens_at:
        raise IntakeNotOpen(opens_at=opens_at)
    if closes_at is not None and now > closes_at:
        raise IntakeClosed(deadline_at=closes_at)


def window_of(db: Session, intake: Intake, channel: Channel) -> tuple[datetime | None, datetime | None]:
    """From when to when an intake takes applications this way (aware UTC); None has no such end."""
    query = select(ChannelWindow).where(
        ChannelWindow.intake_id == intake.id, col(ChannelWindow.channel) == channel
    )
    window = db.exec(query).first()
    if window is None:
        return intake.opens_at, intake.deadline_at
    return window.opens_at or intake.opens_at, window.closes_at or intake.deadline_at
