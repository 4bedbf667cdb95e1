"""The matching problem as it stands in a file: read with care, written back the same.

Everything unknown is refused and named. Units: degrees, kilometres, people; times are ISO 8601 with offset.
"""

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any, NoReturn, TypeVar
from zoneinfo import ZoneInfo

from volunteers.matching.errors import (
    BadTime,
    DuplicateId,
    EndsBeforeStart,
    LeadsOverNeed,
    MissingKey,
    NaiveTime,
    NotJson,
    OutOfRange,
    ProblemRefused,
    UnknownId,
    UnknownKey,
    WrongType,
)
from volunteers.matching.problem import Aim, Pair, Place, Policy, Problem, Session, Volunteer, Weights, Window

TOKYO = ZoneInfo("Asia/Tokyo")
MOST_PEOPLE = 1_000_000
MOST_SESSIONS_BEFORE = 1_000_000
HEAVIEST_WEIGHT = 1000
FASTEST_KMH = 1_000_000.0
FARTHEST_KM = 1_000_000.0

Value = TypeVar("Value")
Reader = Callable[[Any], Any]
Form = dict[str, tuple[bool, Reader]]  # key -> (must be there, how it is read)


def problem_from_json(content: str | bytes) -> Problem:
    """Read a problem file; refuse what is not JSON."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as broken:
        raise NotJson("file", str(broken)) from None
    return read_problem(document)


def read_problem(document: object) -> Problem:
    """The problem in the document, or a ProblemRefused that names the key or id and where it stands."""
    try:
        found = _read_object(document, _PROBLEM)
        problem = Problem(
            sessions=found["sessions"],
            volunteers=found["volunteers"],
            policy=found.get("policy", Policy()),
            pinned=_once_each(found.get("pinned", ())),
            forbidden=frozenset(found.get("forbidden", ())),
            previous=_once_each(found["previous"]) if "previous" in found else None,
        )
    except _Refusal as refusal:
        raise refusal.error(refusal.where, refusal.value) from None
    _refuse_what_does_not_fit(problem, found)
    return problem


def write_problem(problem: Problem) -> dict[str, Any]:
    """The problem as a document that reads back as the same problem."""
    document: dict[str, Any] = {
        "policy": _written_policy(problem.policy),
        "sessions": [_written_session(each) for each in problem.sessions],
        "volunteers": [_written_volunteer(each) for each in problem.volunteers],
        "pinned": _written_pairs(problem.pinned),
        "forbidden": _written_pairs(sorted(problem.forbidden)),
    }
    if problem.previous is not None:
        document["previous"] = _written_pairs(problem.previous)
    return document


class _Refusal(Exception):
    """What is wrong; each level of the document puts its own step in front of the path."""

    def __init__(self, error: type[ProblemRefused], value: object, where: str = "") -> None:
        super().__init__()
        self.error, self.value, self.where = error, value, where

    def inside(self, step: str) -> "_Refusal":
        joint = "" if not self.where or self.where.startswith("[") else "."
        return _Refusal(self.error, self.value, f"{step}{joint}{self.where}")


def _refuse(error: type[ProblemRefused], value: object) -> NoReturn:
    raise _Refusal(error, value)


# --- single values -------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        _refuse(WrongType, value)
    try:
        value.encode()
    except UnicodeEncodeError:  # half a surrogate pair can be neither stored nor shown
        _refuse(WrongType, value)
    return value


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        _refuse(WrongType, value)
    return value


def _count(most: int, *, least: int = 0) -> Reader:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            _refuse(WrongType, value)
        if not least <= value <= most:
            _refuse(OutOfRange, value if abs(value) < 10**18 else "…")
        return value

    return read


def _number(least: float, most: float) -> Reader:
    def read(value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            _refuse(WrongType, value)
        if not (math.isfinite(value) if isinstance(value, float) else abs(value) < 10**18):
            _refuse(OutOfRange, value if isinstance(value, float) else "…")
        if not least <= value <= most:
            _refuse(OutOfRange, value)
        return float(value)

    return read


def _speed(value: Any) -> float:
    kmh: float = _number(0, FASTEST_KMH)(value)
    if kmh <= 0:
        _refuse(OutOfRange, value)
    return kmh


def _time(value: Any) -> datetime:
    if not isinstance(value, str):
        _refuse(WrongType, value)
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            _refuse(NaiveTime, value)
        moment = moment.astimezone(UTC)
        moment.astimezone(TOKYO)  # the very ends of the calendar do not exist here
    except (ValueError, OverflowError):
        _refuse(BadTime, value)
    return moment


def _date(value: Any) -> date:
    if not isinstance(value, str):
        _refuse(WrongType, value)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        _refuse(BadTime, value)
    if day.isoformat() != value:
        _refuse(BadTime, value)
    return day


def _aim(value: Any) -> Aim:
    if value not in list(Aim):
        _refuse(WrongType, value)
    return Aim(value)


# --- lists and objects ---------------------------------------------------------------------------------------


def _list_of(read: Callable[[Any], Value]) -> Callable[[Any], tuple[Value, ...]]:
    def read_all(value: Any) -> tuple[Value, ...]:
        if not isinstance(value, list):
            _refuse(WrongType, value)
        found = []
        for index, each in enumerate(value):
            try:
                found.append(read(each))
            except _Refusal as refusal:
                raise refusal.inside(f"[{index}]") from None
        return tuple(found)

    return read_all


def _set_of(read: Callable[[Any], Value]) -> Callable[[Any], frozenset[Value]]:
    read_all = _list_of(read)
    return lambda value: frozenset(read_all(value))


def _read_object(value: Any, form: Form) -> dict[str, Any]:
    if not isinstance(value, dict):
        _refuse(WrongType, value)
    for key in value:
        if key not in form:
            _refuse(UnknownKey, key)
    for key, (required, _) in form.items():
        if required and key not in value:
            _refuse(MissingKey, key)
    found = {}
    for key, each in value.items():
        try:
            found[key] = form[key][1](each)
        except _Refusal as refusal:
            raise refusal.inside(key) from None
    return found


def _skill_counts(value: Any) -> dict[str, int]:
    if not isinstance(value, dict):
        _refuse(WrongType, value)
    counts = {}
    for skill, count in value.items():
        try:
            counts[_text(skill)] = _count(MOST_PEOPLE)(count)
        except _Refusal as refusal:
            raise refusal.inside(str(skill)) from None
    return counts


def _place(value: Any) -> Place:
    return Place(**_read_object(value, _PLACE))


def _window(value: Any) -> Window:
    found = _read_object(value, _WINDOW)
    window = Window(found["from"], found["to"])
    if window.end < window.start:
        _refuse(EndsBeforeStart, value["to"])
    return window


def _session(value: Any) -> Session:
    session = Session(**_read_object(value, _SESSION))
    if session.ends_at <= session.starts_at:
        raise _Refusal(EndsBeforeStart, value["ends_at"], "ends_at")
    if session.leads > session.need:
        raise _Refusal(LeadsOverNeed, session.leads, "leads")
    return session


def _volunteer(value: Any) -> Volunteer:
    return Volunteer(**_read_object(value, _VOLUNTEER))


def _weights(value: Any) -> Weights:
    return Weights(**_read_object(value, _WEIGHTS))


def _policy(value: Any) -> Policy:
    return Policy(**_read_object(value, _POLICY))


def _pair(value: Any) -> Pair:
    return Pair(**_read_object(value, _PAIR))


def _once_each(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    return tuple(dict.fromkeys(pairs))


_PLACE: Form = {"lat": (True, _number(-90, 90)), "lon": (True, _number(-180, 180))}
_WINDOW: Form = {"from": (True, _time), "to": (True, _time)}
_PAIR: Form = {"session": (True, _text), "volunteer": (True, _text)}
_SESSION: Form = {
    "id": (True, _text),
    "starts_at": (True, _time),
    "ends_at": (True, _time),
    "place": (False, _place),
    "venue": (False, _text),
    "series": (False, _text),
    "need": (True, _count(MOST_PEOPLE)),
    "leads": (False, _count(MOST_PEOPLE)),
    "skills": (False, _skill_counts),
    "adults_only": (False, _yes_or_no),
}
_VOLUNTEER: Form = {
    "id": (True, _text),
    "kind": (False, _text),
    "skills": (False, _set_of(_text)),
    "can_lead": (False, _yes_or_no),
    "adult": (False, _yes_or_no),
    "experienced": (False, _yes_or_no),
    "available": (False, _list_of(_window)),
    "eligible": (False, _set_of(_text)),
    "home": (False, _place),
    "max_km": (False, _number(0, FARTHEST_KM)),
    "max_sessions": (False, _count(MOST_PEOPLE)),
    "max_per_week": (False, _count(MOST_PEOPLE)),
    "insured_until": (False, _date),
    "likes": (False, _set_of(_text)),
    "dislikes": (False, _set_of(_text)),
    "already": (False, _count(MOST_SESSIONS_BEFORE)),
}
_WEIGHTS: Form = {each.name: (False, _count(HEAVIEST_WEIGHT)) for each in fields(Weights)}
_POLICY: Form = {
    "people_per_helper": (False, _count(MOST_PEOPLE, least=1)),
    "travel_kmh": (False, _speed),
    "aim": (False, _aim),
    "weights": (False, _weights),
}
_PROBLEM: Form = {
    "policy": (False, _policy),
    "sessions": (True, _list_of(_session)),
    "volunteers": (True, _list_of(_volunteer)),
    "pinned": (False, _list_of(_pair)),
    "forbidden": (False, _list_of(_pair)),
    "previous": (False, _list_of(_pair)),
}


# --- what only the whole can tell ----------------------------------------------------------------------------


def _refuse_what_does_not_fit(problem: Problem, found: dict[str, Any]) -> None:
    """Every id once, and every id that is referred to is there."""
    _refuse_twice("sessions", [each.id for each in problem.sessions])
    _refuse_twice("volunteers", [each.id for each in problem.volunteers])
    known = frozenset(problem.session_by_id)
    for index, volunteer in enumerate(problem.volunteers):
        for key in ("eligible", "likes", "dislikes"):
            named: frozenset[str] = getattr(volunteer, key) or frozenset()
            if not named <= known:
                raise UnknownId(f"volunteers[{index}].{key}", min(named - known))
    for key in ("pinned", "forbidden", "previous"):
        for index, pair in enumerate(found.get(key, ())):
            if pair.session not in problem.session_by_id:
                raise UnknownId(f"{key}[{index}].session", pair.session)
            if pair.volunteer not in problem.volunteer_by_id:
                raise UnknownId(f"{key}[{index}].volunteer", pair.volunteer)


def _refuse_twice(where: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for index, each in enumerate(ids):
        if each in seen:
            raise DuplicateId(f"{where}[{index}].id", each)
        seen.add(each)


# --- back to a document --------------------------------------------------------------------------------------


def _written_time(moment: datetime) -> str:
    return moment.astimezone(TOKYO).isoformat()


def _written_place(place: Place) -> dict[str, float]:
    return {"lat": place.lat, "lon": place.lon}


def _written_pairs(pairs: Iterable[Pair]) -> list[dict[str, str]]:
    return [pair._asdict() for pair in pairs]


def _written_policy(policy: Policy) -> dict[str, Any]:
    return {
        "people_per_helper": policy.people_per_helper,
        "travel_kmh": policy.travel_kmh,
        "aim": policy.aim.value,
        "weights": {each.name: getattr(policy.weights, each.name) for each in fields(Weights)},
    }


def _written_session(session: Session) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": session.id,
        "starts_at": _written_time(session.starts_at),
        "ends_at": _written_time(session.ends_at),
        "need": session.need,
        "leads": session.leads,
        "skills": dict(session.skills),
        "adults_only": session.adults_only,
        "place": None if session.place is None else _written_place(session.place),
        "venue": session.venue,
        "series": session.series,
    }
    return {key: value for key, value in document.items() if value is not None}


def _written_volunteer(volunteer: Volunteer) -> dict[str, Any]:
    document: dict[str, Any] = {each.name: getattr(volunteer, each.name) for each in fields(Volunteer)}
    for key in ("skills", "eligible", "likes", "dislikes"):
        document[key] = None if document[key] is None else sorted(document[key])
    if volunteer.available is not None:
        document["available"] = [
            {"from": _written_time(each.start), "to": _written_time(each.end)} for each in volunteer.available
        ]
    if volunteer.home is not None:
        document["home"] = _written_place(volunteer.home)
    if volunteer.insured_until is not None:
        document["insured_until"] = volunteer.insured_until.isoformat()
    return {key: value for key, value in document.items() if value is not None}
