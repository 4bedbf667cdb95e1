"""How a waiting list moves: the next in order is offered what is free, and offers end or are taken back.

Nobody is offered a seat twice: an offer that was answered or ran out ends the application. Everything here expects
the intake and its sessions to be locked.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.errors import Conflict
from events.free_text import checked_text
from events.japan.clock import at_tokyo, tokyo_date
from events.models import (
    Attendee,
    Choice,
    Intake,
    Municipality,
    Notice,
    Offer,
    Registration,
    Workshop,
    WorkshopSession,
)
from events.notices.kinds import KIND_OF_STATE, OFFER
from events.notices.writing import tell
from events.registration_places import open_places, places_needed, release_coming_seats, seated_at, take_seats
from events.registration_receipts import OfferMade
from events.registration_rules import has_begun, is_before_draw, lock_intake_sessions
from events.states import STOPPED_STATES, IntakeUnit, NoticeState, RegistrationState

REPLY_DAYS: Final = 3  # as universities and city classes give; municipality.settings["offer_reply_days"] overrides
_REPLY_HOUR: Final = time(17, 0)


def offer_free_seats(db: Session, intake: Intake, *, now: datetime) -> tuple[OfferMade, ...]:
    """Offer what is free, in the order of the waiting list; whoever does not fit keeps their place.

    Nothing is offered before a draw, nor after a session's cut-off. The intake and its sessions must be locked.
    """
    if is_before_draw(intake):
        return ()
    all_sessions = lock_intake_sessions(db, intake)
    if intake.unit is IntakeUnit.COURSE and any(has_begun(session, now) for session in all_sessions):
        return ()  # nobody is called into the middle of a course
    sessions = [session for session in all_sessions if _may_be_offered(session, now)]
    made: list[OfferMade] = []
    for together in _together(_waiting(db, intake)) if sessions else ():
        if not any(open_places(db, session) > 0 for session in sessions):
            break
        made += _offer_seats(db, intake, together, sessions, now=now)
    return tuple(made)


def close_open_offer(db: Session, registration: Registration, answer: str, *, now: datetime, by: str) -> None:
    """End an offer that stands because the application itself ends."""
    offer = newest_offer(db, registration)
    if offer is not None and not offer.answer:
        answer_offer(db, offer, answer, NoticeState.DROPPED, now=now, by=by)


def withdraw_untold_offers(db: Session, intake: Intake, *, now: datetime, by: str) -> bool:
    """Take back the newest offer that nobody has been told of yet; the person waits on in their old place.

    So an accidental cancellation can be undone before the next telephone call. True if one was taken back.
    """
    query = (
        select(Registration, Offer)
        .join(Offer, col(Offer.registration_id) == Registration.id)
        .join(Notice, col(Notice.registration_id) == Registration.id)
        .where(
            Registration.intake_id == intake.id,
            Registration.state == RegistrationState.OFFERED,
            Offer.answer == "",
            Notice.kind == OFFER,
            Notice.state == NoticeState.PENDING,
        )
        .order_by(col(Offer.id).desc(), col(Registration.queue_number).desc())
    )
    found = db.exec(query).first()
    if found is None:
        return False
    registration, offer = found
    answer_offer(db, offer, "withdrawn", NoticeState.DROPPED, now=now, by=by)
    release_coming_seats(db, registration, now=now)
    change_state(registration, RegistrationState.WAITING, "", now)
    tell(db, [registration], KIND_OF_STATE[registration.state], now=now)
    return True


def reopen_offer(db: Session, registration: Registration) -> None:
    """Let an offer stand again whose answer was recorded by mistake. Its seat must be held again."""
    offer = newest_offer(db, registration)
    if offer is not None:
        offer.answer, offer.answered_at = "", None
    db.flush()


def newest_offer(db: Session, registration: Registration) -> Offer | None:
    """The offer that stands open for this application, else the last one that was answered.

    Ids tell the order, not ``offered_at``: a clock that was set back must not hide an offer that is still open.
    """
    query = (
        select(Offer)
        .where(Offer.registration_id == registration.id)
        .order_by(col(Offer.answer) != "", col(Offer.id).desc())
    )
    return db.exec(query).first()


def answer_offer(
    db: Session, offer: Offer, answer: str, notice_state: NoticeState, *, now: datetime, by: str
) -> None:
    """Record how an offer ended, and close the call that was to be made for it."""
    offer.answer, offer.answered_at = answer, now
    query = select(Notice).where(
        Notice.registration_id == offer.registration_id,
        Notice.kind == OFFER,
        Notice.state == NoticeState.PENDING,
    )
    for notice in db.exec(query).all():
        notice.state, notice.done_at, notice.done_by = notice_state, now, by
    db.flush()


def change_state(registration: Registration, state: RegistrationState, reason: str, now: datetime) -> None:
    """Give an application a new state, with when and why."""
    registration.state = state
    registration.state_reason = checked_text(reason, field="reason", longest=400)
    registration.changed_at = now
    registration.version += 1


def _together(waiting: Sequence[Registration]) -> list[list[Registration]]:
    """Those who wait, in their order; who belong together (a pair, somebody with a carer) at the first one's place."""
    groups: dict[UUID, list[Registration]] = {}
    for registration in waiting:
        groups.setdefault(registration.party_id or registration.id, []).append(registration)
    return list(groups.values())


def _offer_seats(
    db: Session,
    intake: Intake,
    together: Sequence[Registration],
    sessions: Sequence[WorkshopSession],
    *,
    now: datetime,
) -> list[OfferMade]:
    """Offer seats to all who belong together, or to none of them."""
    workshop = db.get_one(Workshop, intake.workshop_id)
    places = sum(places_needed(registration, workshop) for registration in together)
    shared = [_wanted(db, intake, registration, sessions) for registration in together]
    for wanted in shared[0]:
        fits = all(open_places(db, session) >= places for session in wanted) and not any(
            seated_at(db, registration.attendee_id, wanted) for registration in together
        )
        if fits and all(wanted in wishes for wishes in shared):
            return [_offer_seat(db, intake, registration, wanted, now=now) for registration in together]
    return []


def _offer_seat(
    db: Session, intake: Intake, registration: Registration, wanted: Sequence[WorkshopSession], *, now: datetime
) -> OfferMade:
    if not take_seats(db, registration, wanted, now=now, offered=True):  # counted a moment ago under the same lock
        raise Conflict(thing="session_id")
    reply_by = _reply_by(db, intake, wanted, now)
    offer = Offer(registration_id=registration.id, session_id=wanted[0].id, offered_at=now, reply_by=reply_by)
    db.add(offer)
    change_state(registration, RegistrationState.OFFERED, "", now)
    tell(db, [registration], OFFER, now=now, session_id=offer.session_id)
    name = db.get_one(Attendee, registration.attendee_id).name
    return OfferMade(registration.id, registration.attendee_id, name, reply_by)


def _wanted(
    db: Session, intake: Intake, registration: Registration, sessions: Sequence[WorkshopSession]
) -> list[list[WorkshopSession]]:
    """What a person could be offered, best first: each session of their choice, or all of the intake together."""
    if intake.unit is not IntakeUnit.CHOICE:
        return [list(sessions)] if sessions else []
    open_ones = {session.id: session for session in sessions}
    query = (
        select(Choice.session_id).where(Choice.registration_id == registration.id).order_by(col(Choice.rank))
    )
    return [[open_ones[session_id]] for session_id in db.exec(query).all() if session_id in open_ones]


def _may_be_offered(session: WorkshopSession, now: datetime) -> bool:
    if session.state in STOPPED_STATES or has_begun(session, now):
        return False
    return session.cut_off_at is None or now < session.cut_off_at


def _waiting(db: Session, intake: Intake) -> Sequence[Registration]:
    query = (
        select(Registration)
        .where(Registration.intake_id == intake.id, Registration.state == RegistrationState.WAITING)
        .order_by(col(Registration.queue_number))
    )
    return db.exec(query).all()


def _reply_by(
    db: Session, intake: Intake, sessions: Sequence[WorkshopSession], now: datetime
) -> datetime:
    settings = db.get_one(Municipality, intake.municipality_code).settings
    days = settings.get("offer_reply_days", REPLY_DAYS)
    usual = at_tokyo(
        tokyo_date(now) + timedelta(days=days if isinstance(days, int) else REPLY_DAYS), _REPLY_HOUR
    )
    ends = [end for session in sessions if (end := session.cut_off_at or session.starts_at) is not None]
    return min([usual, *ends])

