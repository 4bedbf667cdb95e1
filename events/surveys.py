"""The questionnaire after a session: anonymous answers, keyed in from paper or sent by those who took the QR code.

Nothing of a person is near an answer, not even the hour it came. Where fewer than five answered, nothing is shown but
that number: among so few, people recognise each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlmodel import Session, col, func, select

from events import fields
from events.errors import DomainError, InvalidValue, NotFound
from events.free_text import checked_text
from events.japan.clock import tokyo_date
from events.models import Municipality, SurveyResponse, Workshop, WorkshopSession
from events.states import PUBLISHED_STATES, STOPPED_STATES

T = TypeVar("T")

FEWEST_SHOWN: Final = 5
DAYS_OPEN: Final = 31
SATISFACTION: Final = (1, 2, 3, 4, 5)  # 5 is best
ABLE: Final = (1, 2, 3, 4)  # 4 is most
LONGEST_WISH: Final = 200
INDICATOR: Final = "survey_indicator"  # municipality.settings: the words of the city's own indicator
LONGEST_INDICATOR: Final = 100


class SurveyNotOpen(DomainError):
    """Answers are taken from the day of the session (``opens_on``) until a month later (``closes_on``)."""

    code = "survey_not_open"


@dataclass(frozen=True, slots=True)
class SurveyAnswers:
    """One sheet: ``satisfaction`` 1 to 5, ``able_…`` (自分でできそう) 1 to 4; None is a question left out."""

    satisfaction: int | None = None
    able_before: int | None = None
    able_after: int | None = None
    has_someone: bool | None = None
    next_wish: str = ""


@dataclass(frozen=True, slots=True)
class SurveySheet:
    """What a questionnaire is about; ``indicator`` are the city's own words for what it measures, or nothing."""

    session_id: UUID
    municipality_code: str
    title: str
    held_on: date
    indicator: str


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What the answers say; everything but ``count`` is empty where fewer than five answered a question.

    ``satisfaction`` counts by answer; ``improved`` of ``paired`` feel more able after than before.
    """

    count: int
    satisfaction: Mapping[int, int]
    mean_satisfaction: float | None
    paired: int
    improved: int
    has_someone: int
    asked_someone: int
    wishes: tuple[str, ...]


def survey_sheet(db: Session, *, session_id: UUID) -> SurveySheet:
    """What the questionnaire of a session is about. Raises NotFound."""
    session = _session(db, session_id)
    city = db.get_one(Municipality, session.municipality_code)
    return SurveySheet(
        session_id=session.id,
        municipality_code=session.municipality_code,
        title=db.get_one(Workshop, session.workshop_id).title,
        held_on=session.held_on,
        indicator=str(city.settings.get(INDICATOR, "")),
    )


def answer_survey(db: Session, *, session_id: UUID, answers: SurveyAnswers, new_id: UUID, now: datetime) -> int:
    """Take the answers of somebody with the QR code; the same ``new_id`` again adds nothing.

    Answers how many there are now. Raises NotFound, InvalidValue, SurveyNotOpen.
    """
    session = _session(db, session_id)
    closes_on = session.held_on + timedelta(days=DAYS_OPEN)
    if not session.held_on <= tokyo_date(now) <= closes_on:
        raise SurveyNotOpen(opens_on=session.held_on, closes_on=closes_on)
    if db.get(SurveyResponse, new_id) is None:
        _keep(db, session, answers, new_id, now)
    return _count(db, session_id)


def key_in_sheet(db: Session, *, session_id: UUID, answers: SurveyAnswers, now: datetime) -> int:
    """Key in one sheet of paper; answers how many there are now. Raises NotFound, InvalidValue."""
    _keep(db, _session(db, session_id), answers, fields.new_id(), now)
    return _count(db, session_id)


def survey_result(db: Session, *, session_id: UUID) -> SurveyResult:
    """What the answers of a session say together. Raises NotFound."""
    _session(db, session_id)
    query = select(SurveyResponse.answers).where(SurveyResponse.session_id == session_id)
    return result_of(db.exec(query).all())


def result_of(sheets: Sequence[Mapping[str, object]]) -> SurveyResult:
    """What sheets say together: each question only where at least five answered it."""
    rated = _enough([value for sheet in sheets if isinstance(value := sheet.get("satisfaction"), int)])
    pairs = _enough(
        [
            (before, after)
            for sheet in sheets
            if isinstance(before := sheet.get("able_before"), int) and isinstance(after := sheet.get("able_after"), int)
        ]
    )
    asked = _enough([value for sheet in sheets if isinstance(value := sheet.get("has_someone"), bool)])
    wishes = [str(value) for sheet in sheets if (value := sheet.get("next_wish"))]
    return SurveyResult(
        count=len(sheets),
        satisfaction={answer: rated.count(answer) for answer in SATISFACTION} if rated else {},
        mean_satisfaction=sum(rated) / len(rated) if rated else None,
        paired=len(pairs),
        improved=sum(after > before for before, after in pairs),
        has_someone=sum(asked),
        asked_someone=len(asked),
        wishes=tuple(sorted(wishes)) if len(sheets) >= FEWEST_SHOWN else (),
    )


def _enough(values: list[T]) -> list[T]:
    return values if len(values) >= FEWEST_SHOWN else []


def _session(db: Session, session_id: UUID) -> WorkshopSession:
    session = db.get(WorkshopSession, session_id)
    if session is None or session.state not in PUBLISHED_STATES - STOPPED_STATES:
        raise NotFound(thing="session_id")
    return session


def _keep(db: Session, session: WorkshopSession, answers: SurveyAnswers, row_id: UUID, now: datetime) -> None:
    for field, value, known in (
        ("satisfaction", answers.satisfaction, SATISFACTION),
        ("able_before", answers.able_before, ABLE),
        ("able_after", answers.able_after, ABLE),
    ):
        if value is not None and value not in known:
            raise InvalidValue(field=field, value=value, problem="out_of_range", least=known[0], most=known[-1])
    wish = checked_text(answers.next_wish, field="next_wish", longest=LONGEST_WISH)
    said = {
        "satisfaction": answers.satisfaction,
        "able_before": answers.able_before,
        "able_after": answers.able_after,
        "has_someone": answers.has_someone,
        "next_wish": wish,
    }
    kept: dict[str, object] = {name: value for name, value in said.items() if value not in {None, ""}}
    if not kept:
        raise InvalidValue(field="answers", value="", problem="required")
    db.add(
        SurveyResponse(
            id=row_id,
            municipality_code=session.municipality_code,
            session_id=session.id,
            answers=kept,
            keyed_on=tokyo_date(now),
        )
    )
    db.flush()


def _count(db: Session, session_id: UUID) -> int:
    query = select(func.count()).select_from(SurveyResponse).where(col(SurveyResponse.session_id) == session_id)
    return db.exec(query).one()
