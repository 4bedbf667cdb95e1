"""Who takes part in a draw: everybody who applied, with their slips, or set apart with the reason. Nobody is dropped.

Reasons, in words under ``draw.because.<code>``: ``late``, ``duplicate`` (of an earlier application), ``too_young``
(on the day), ``elsewhere`` (not 在住・在勤・在学), ``no_session`` (none that was wished for is still to come),
``seated`` (has a seat there already, through another application),
``by_hand``, ``partner`` (who goes with them is set apart), ``no_common_session``, ``no_slip`` (the rules give none).
Staff can put everybody back but those without a session and those who have a seat.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from events.draw.applications import Application, applications_of
from events.draw.duplicates import earlier_applications
from events.draw.history import Past, past_of
from events.draw.lateness import Deadlines, deadlines_of
from events.draw.rules import DrawRules
from events.draw.slips import Unit
from events.eligibility import is_from_elsewhere, is_too_young
from events.models import (
    Choice,
    DrawDecision,
    Intake,
    IntakeSession,
    Party,
    Registration,
    Seat,
    Workshop,
    WorkshopSession,
)
from events.registration_places import places_for
from events.registration_rules import has_begun
from events.states import STOPPED_STATES, Channel, IntakeUnit, SeatState

CANNOT_RETURN: Final = frozenset({"no_session", "seated"})
_CARER: Final = "carer"


@dataclass(frozen=True, slots=True)
class Applicant:
    """One application before a draw.

    ``because`` says why it is set apart ("" = takes part), ``decided`` whether staff put it in (True) or out (False)
    against the rule, and ``reason`` why. ``slips`` are the person's own, ``slips_for`` the codes of what counts more;
    ``slips_of_unit`` those of all who are drawn together (``with_numbers`` are the others). ``wishes`` are numbers of
    sessions. ``unknown`` names what was never told (``age``, ``residence``) though the workshop asks for it.
    """

    registration_id: UUID
    attendee_id: UUID
    number: int
    name: str
    kana: str
    channel: Channel
    applied_on: date
    postmark_on: date | None
    places: int
    wishes: tuple[tuple[int, ...], ...]
    slips: int
    slips_for: tuple[str, ...]
    slips_of_unit: int
    with_numbers: tuple[int, ...]
    because: str
    same_as: int | None
    decided: bool | None
    reason: str
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Office:
    """All that is looked up once for all applications of an intake."""

    intake: Intake
    workshop: Workshop
    sessions: Mapping[int, WorkshopSession]
    rules: DrawRules
    deadlines: Deadlines
    past: Past
    earlier: Mapping[int, int]
    seated: Mapping[UUID, Collection[UUID]]
    choices: Mapping[UUID, Sequence[UUID]]
    decisions: Mapping[UUID, DrawDecision]


def applicants_of(
    db: Session, intake: Intake, sessions: Sequence[WorkshopSession], rules: DrawRules, *, now: datetime
) -> tuple[Applicant, ...]:
    """Everybody who waits for the draw, by application number. ``sessions`` are those of the intake, in time order."""
    rows = applications_of(db, intake)
    office = _Office(
        intake=intake,
        workshop=db.get_one(Workshop, intake.workshop_id),
        sessions={number: session for number, session in enumerate(sessions, start=1) if _can_come(session, now)},
        rules=rules,
        deadlines=deadlines_of(db, intake),
        past=past_of(db, intake, now=now),
        earlier=earlier_applications(db, rows),
        seated=_seated(db, intake),
        choices=_choices(db, intake),
        decisions=_decisions(db, intake),
    )
    people = {row.id: _applicant(office, row) for row in rows}
    for party in _parties(db, intake, rows):
        _bind(people, party)
    return tuple(_with_slips(each) for each in people.values())


def units_of(applicants: Iterable[Applicant]) -> tuple[Unit, ...]:
    """The units that are drawn, from those who take part."""
    taking = {each.number: each for each in applicants if not each.because}
    units = []
    for number, each in taking.items():
        numbers = tuple(sorted((number, *each.with_numbers)))
        if numbers[0] == number:
            places = sum(taking[member].places for member in numbers)
            units.append(Unit(numbers, places, each.slips_of_unit, each.wishes))
    return tuple(units)


def _applicant(office: _Office, row: Application) -> Applicant:
    asked = _wishes(office, row)
    possible = tuple(wish for wish in asked if not _is_seated_at(office, row, wish))
    wishes = tuple(wish for wish in possible if not _too_young_for(office, row, wish))
    decision = office.decisions.get(row.id)
    decided = decision.takes_part if decision else None
    because = _because(office, row, asked, possible, wishes)
    if decided is False:
        because = because or "by_hand"
    elif decided and because not in CANNOT_RETURN:
        because, wishes = "", wishes or possible
    slips_for = tuple(_more(office, row))
    slips = office.rules.usual + sum(int(getattr(office.rules, code)) for code in slips_for)
    return Applicant(
        registration_id=row.id,
        attendee_id=row.attendee_id,
        number=row.number,
        name=row.name,
        kana=row.kana,
        channel=row.channel,
        applied_on=row.applied_on,
        postmark_on=row.postmark_on,
        places=places_for(row.companions, office.workshop),
        wishes=wishes,
        slips=slips,
        slips_for=slips_for,
        slips_of_unit=slips,
        with_numbers=(),
        because=because,
        same_as=office.earlier.get(row.number),
        decided=decided,
        reason=decision.reason if decision else "",
        unknown=tuple(_unknown(office.workshop, row)),
    )


def _because(
    office: _Office,
    row: Application,
    asked: Sequence[tuple[int, ...]],
    possible: Sequence[tuple[int, ...]],
    wishes: Sequence[tuple[int, ...]],
) -> str:
    if not possible:
        return "seated" if asked else "no_session"
    if office.deadlines.is_late(row):
        return "late"
    if row.number in office.earlier:
        return "duplicate"
    if not wishes:
        return "too_young"
    if is_from_elsewhere(row.residence, residents_only=office.workshop.residents_only):
        return "elsewhere"
    return ""


def _more(office: _Office, row: Application) -> Iterable[str]:
    """The codes of what gives this person more slips; each is the name of a rule."""
    if office.rules.first_time and row.attendee_id not in office.past.came:
        yield "first_time"
    if office.rules.lost_before and row.attendee_id in office.past.lost:
        yield "lost_before"
    if office.rules.resident and row.residence == "lives":
        yield "resident"


def _unknown(workshop: Workshop, row: Application) -> Iterable[str]:
    if workshop.minimum_age is not None and row.birth_date is None and not row.age_band:
        yield "age"
    if workshop.residents_only and not row.residence:
        yield "residence"


def _wishes(office: _Office, row: Application) -> tuple[tuple[int, ...], ...]:
    """What an application is for, of what still comes: a course as a whole, or each session of a choice by rank."""
    if office.intake.unit is not IntakeUnit.CHOICE:
        return (tuple(office.sessions),) if office.sessions else ()
    numbers = {session.id: number for number, session in office.sessions.items()}
    return tuple((numbers[chosen],) for chosen in office.choices.get(row.id, ()) if chosen in numbers)


def _too_young_for(office: _Office, row: Application, wish: Collection[int]) -> bool:
    first = min(office.sessions[number].held_on for number in wish)
    return is_too_young(row.birth_date, row.age_band, office.workshop.minimum_age, first)


def _is_seated_at(office: _Office, row: Application, wish: Collection[int]) -> bool:
    seated = office.seated.get(row.attendee_id, ())
    return any(office.sessions[number].id in seated for number in wish)


def _seated(db: Session, intake: Intake) -> dict[UUID, set[UUID]]:
    """Who has a seat, or is offered one, at a session of the intake already, through another application."""
    query = (
        select(col(Seat.attendee_id), col(Seat.session_id))
        .join(IntakeSession, col(IntakeSession.session_id) == Seat.session_id)
        .where(IntakeSession.intake_id == intake.id, Seat.state != SeatState.RELEASED)
    )
    seated: dict[UUID, set[UUID]] = {}
    for attendee_id, session_id in db.exec(query):
        seated.setdefault(attendee_id, set()).add(session_id)
    return seated


def _bind(people: dict[UUID, Applicant], party: tuple[str, Sequence[UUID]]) -> None:
    """Draw those of a party together: with the wishes they share, or set apart because one of them is."""
    kind, ids = party
    if any(people[each].because for each in ids):
        for each in ids:
            if not people[each].because and not people[each].decided:
                people[each] = replace(people[each], because="partner")
        return
    members = [people[each] for each in ids]
    shared = tuple(wish for wish in members[0].wishes if all(wish in member.wishes for member in members))
    # a pair shall gain nothing by who joins it; a carer comes for the other's sake and takes nothing away
    slips = (max if kind == _CARER else min)(member.slips for member in members)
    for member in members:
        others = tuple(each.number for each in members if each is not member)
        because = "" if shared else "no_common_session"
        people[member.registration_id] = replace(
            member, wishes=shared, slips_of_unit=slips, with_numbers=others if shared else (), because=because
        )


def _with_slips(each: Applicant) -> Applicant:
    if each.because or each.slips_of_unit:
        return each
    return replace(each, slips_of_unit=1) if each.decided else replace(each, because="no_slip", with_numbers=())


def _parties(db: Session, intake: Intake, rows: Sequence[Application]) -> list[tuple[str, list[UUID]]]:
    """Kind and applications of each party that still has two who wait for the draw."""
    members: dict[UUID, list[UUID]] = {}
    for row in rows:
        if row.party_id is not None:
            members.setdefault(row.party_id, []).append(row.id)
    if not members:
        return []
    kinds = dict(db.exec(select(col(Party.id), col(Party.kind)).where(Party.intake_id == intake.id)).all())
    return [(kinds.get(party_id, ""), ids) for party_id, ids in members.items() if len(ids) > 1]


def _choices(db: Session, intake: Intake) -> dict[UUID, list[UUID]]:
    query = (
        select(col(Choice.registration_id), col(Choice.session_id))
        .join(Registration, col(Registration.id) == Choice.registration_id)
        .where(Registration.intake_id == intake.id)
        .order_by(col(Choice.rank))
    )
    chosen: dict[UUID, list[UUID]] = {}
    for registration_id, session_id in db.exec(query):
        chosen.setdefault(registration_id, []).append(session_id)
    return chosen


def _decisions(db: Session, intake: Intake) -> dict[UUID, DrawDecision]:
    query = (
        select(DrawDecision)
        .join(Registration, col(Registration.id) == DrawDecision.registration_id)
        .where(Registration.intake_id == intake.id)
    )
    return {decision.registration_id: decision for decision in db.exec(query).all()}


def _can_come(session: WorkshopSession, now: datetime) -> bool:
    return session.state not in STOPPED_STATES and not has_begun(session, now)
