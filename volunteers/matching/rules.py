"""What a good match is.

A plan may never break a hard rule. There are three shapes:

- MAY_SERVE: may this person help at this session at all?
- CAN_DO_BOTH: can one person do these two sessions?
- WITHIN_CAPS: is this still within what she agreed to, all her sessions together?

Of the plans that break none, the best leaves the fewest needs open (`score.still_open`); of those, the best by the
WISHES, each multiplied by its weight. The table at the end of this file is the whole list. The solver, manual edits,
explanations and tests all use these same functions; where the solver needs speed it has arrays that are tested to
say exactly what these functions say.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from volunteers.matching.problem import Pair, Place, Problem, Session, Volunteer

TOKYO = ZoneInfo("Asia/Tokyo")
EARTH_RADIUS_KM = 6371.0088
SUPPORTER_KIND = "tokyo_supporter"

# --- may this person help at this session at all? ------------------------------------------------------------


def is_free(_: Problem, session: Session, volunteer: Volunteer) -> bool:
    """She is free for the whole session; who named no times is always free."""
    if volunteer.available is None:
        return True
    return any(each.start <= session.starts_at and session.ends_at <= each.end for each in volunteer.available)


def is_eligible(_: Problem, session: Session, volunteer: Volunteer) -> bool:
    """The session is one of those she may be asked for, if there is such a list."""
    return volunteer.eligible is None or session.id in volunteer.eligible


def is_near_enough(_: Problem, session: Session, volunteer: Volunteer) -> bool:
    """From her home it is no farther than she is willing to go, as far as both places are known."""
    if volunteer.max_km is None or volunteer.home is None or session.place is None:
        return True
    return kilometres(volunteer.home, session.place) <= volunteer.max_km


def is_insured(_: Problem, session: Session, volunteer: Volunteer) -> bool:
    """Her insurance, where one is asked for, still holds on the day the session ends."""
    return volunteer.insured_until is None or day_in_tokyo(session.ends_at) <= volunteer.insured_until


def is_old_enough(_: Problem, session: Session, volunteer: Volunteer) -> bool:
    """She is known to be 18 where only adults may help, and no minor helps as a TOKYOスマホサポーター."""
    if session.adults_only and volunteer.adult is not True:
        return False
    return not (volunteer.kind == SUPPORTER_KIND and volunteer.adult is False)


def is_not_forbidden(problem: Problem, session: Session, volunteer: Volunteer) -> bool:
    """Staff did not rule this pair out."""
    return (session.id, volunteer.id) not in problem.forbidden


# --- can one person do these two sessions? -------------------------------------------------------------------


def do_not_overlap(_: Problem, one: Session, other: Session) -> bool:
    """Nobody is at two sessions at once; one may begin the minute the other ends."""
    return one.ends_at <= other.starts_at or other.ends_at <= one.starts_at


def leave_time_to_travel(problem: Problem, one: Session, other: Session) -> bool:
    """Between two sessions there is time for the way from venue to venue."""
    if not do_not_overlap(problem, one, other):
        return True  # that is the other rule's matter
    earlier, later = (one, other) if one.starts_at < other.starts_at else (other, one)
    return minutes_between(earlier.ends_at, later.starts_at) >= travel_minutes(problem, one, other)


# --- is this still within what she agreed to? ----------------------------------------------------------------


def is_within_her_sessions(_: Problem, volunteer: Volunteer, sessions: Collection[Session]) -> bool:
    """She helps at no more sessions than she agreed to."""
    return volunteer.max_sessions is None or len(sessions) <= volunteer.max_sessions


def is_within_her_week(_: Problem, volunteer: Volunteer, sessions: Collection[Session]) -> bool:
    """In no week from Monday to Sunday does she help more often than she agreed to."""
    if volunteer.max_per_week is None:
        return True
    weeks = Counter(week_of(session) for session in sessions)
    return all(times <= volunteer.max_per_week for times in weeks.values())


# --- what is welcome, and what is not ------------------------------------------------------------------------


def way_from_home(problem: Problem, placed: Collection[Pair]) -> int:
    """Every begun kilometre from home to a session counts; an unknown home or place counts nothing."""
    return sum(home_km(*_people(problem, pair)) for pair in placed)


def sessions_she_likes(problem: Problem, placed: Collection[Pair]) -> int:
    """A session that somebody wished for is welcome to her."""
    return sum(pair.session in problem.volunteer_by_id[pair.volunteer].likes for pair in placed)


def sessions_she_dislikes(problem: Problem, placed: Collection[Pair]) -> int:
    """A session that somebody would rather not do is given to her last."""
    return sum(pair.session in problem.volunteer_by_id[pair.volunteer].dislikes for pair in placed)


def uneven_load(problem: Problem, placed: Collection[Pair]) -> int:
    """Each further session of one person weighs one more than the last, with those she did already."""
    times = Counter(pair.volunteer for pair in placed)
    return sum(load_of(problem.volunteer_by_id[each].already, n) for each, n in times.items())


def changes_to_the_former_plan(problem: Problem, placed: Collection[Pair]) -> int:
    """What people were told already should stay: everyone added and everyone removed counts."""
    return 0 if problem.previous is None else len(set(placed) ^ set(problem.previous))


def newcomers_beside_experienced(problem: Problem, placed: Collection[Pair]) -> int:
    """A newcomer learns beside somebody with experience: sessions that have both are welcome."""
    kinds: dict[str, set[bool]] = defaultdict(set)
    for pair in placed:
        kinds[pair.session].add(problem.volunteer_by_id[pair.volunteer].experienced)
    return sum(len(both) == 2 for both in kinds.values())


def same_face_in_a_series(problem: Problem, placed: Collection[Pair]) -> int:
    """A class is glad of a face it knows: each of her sessions beyond the first in the same series is welcome."""
    times: Counter[tuple[str, str]] = Counter()
    for pair in placed:
        series = problem.session_by_id[pair.session].series
        if series is not None:
            times[pair.volunteer, series] += 1
    return sum(times.values()) - len(times)


# --- the words the rules are made of -------------------------------------------------------------------------


def kilometres(one: Place, other: Place) -> float:
    """The great-circle distance (haversine)."""
    lat, lat_too = math.radians(one.lat), math.radians(other.lat)
    half_lat = math.sin((lat_too - lat) / 2)
    half_lon = math.sin(math.radians(other.lon - one.lon) / 2)
    a = half_lat * half_lat + math.cos(lat) * math.cos(lat_too) * half_lon * half_lon
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, a)))


def home_km(session: Session, volunteer: Volunteer) -> int:
    """Begun kilometres from home to the session; 0 where either is unknown."""
    if volunteer.home is None or session.place is None:
        return 0
    return math.ceil(kilometres(volunteer.home, session.place))


def travel_minutes(problem: Problem, one: Session, other: Session) -> float:
    """The time from venue to venue; 0 at the same venue or where a place is unknown."""
    if one.place is None or other.place is None or (one.venue is not None and one.venue == other.venue):
        return 0.0
    return 60 * kilometres(one.place, other.place) / problem.policy.travel_kmh


def minutes_between(end: datetime, start: datetime) -> float:
    """Minutes from the end of one session to the start of the next."""
    return (start - end).total_seconds() / 60


def day_in_tokyo(moment: datetime) -> date:
    """The date on a calendar in Tokyo."""
    return moment.astimezone(TOKYO).date()


def week_of(session: Session) -> date:
    """The Monday of the week in which the session starts, in Tokyo."""
    day = day_in_tokyo(session.starts_at)
    return day - timedelta(days=day.weekday())


def load_of(already: int, times: int) -> int:
    """What `times` sessions weigh on somebody who served `already`: (already + 1) + … + (already + times)."""
    return times * already + times * (times + 1) // 2


def _people(problem: Problem, pair: Pair) -> tuple[Session, Volunteer]:
    return problem.session_by_id[pair.session], problem.volunteer_by_id[pair.volunteer]


# --- the whole list ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MayServe:
    """A hard rule on one person at one session, and the code that names it when it is broken."""

    code: str
    holds: Callable[[Problem, Session, Volunteer], bool]


@dataclass(frozen=True, slots=True)
class CanDoBoth:
    """A hard rule on two sessions of one person."""

    code: str
    holds: Callable[[Problem, Session, Session], bool]


@dataclass(frozen=True, slots=True)
class WithinCaps:
    """A hard rule on all sessions of one person."""

    code: str
    holds: Callable[[Problem, Volunteer, Collection[Session]], bool]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a plan is judged by: `count` things, each worth the policy's weight of this name; welcome ones help."""

    weight: str
    count: Callable[[Problem, Collection[Pair]], int]
    welcome: bool = False


MAY_SERVE = (
    MayServe("availability", is_free),
    MayServe("not_eligible", is_eligible),
    MayServe("too_far", is_near_enough),
    MayServe("uninsured", is_insured),
    MayServe("minor", is_old_enough),
    MayServe("forbidden", is_not_forbidden),
)
CAN_DO_BOTH = (
    CanDoBoth("overlap", do_not_overlap),
    CanDoBoth("travel", leave_time_to_travel),
)
WITHIN_CAPS = (
    WithinCaps("max_sessions", is_within_her_sessions),
    WithinCaps("max_per_week", is_within_her_week),
)
WISHES = (
    Wish("travel", way_from_home),
    Wish("like", sessions_she_likes, welcome=True),
    Wish("dislike", sessions_she_dislikes),
    Wish("load", uneven_load),
    Wish("change", changes_to_the_former_plan),
    Wish("pair_new", newcomers_beside_experienced, welcome=True),
    Wish("same_series", same_face_in_a_series, welcome=True),
)
HARD_CODES = tuple(rule.code for rule in (*MAY_SERVE, *CAN_DO_BOTH, *WITHIN_CAPS))


# --- asking them ---------------------------------------------------------------------------------------------


def why_not_alone(problem: Problem, session: Session, volunteer: Volunteer) -> tuple[str, ...]:
    """The rules that keep this person from this session, whatever else she does."""
    return tuple(rule.code for rule in MAY_SERVE if not rule.holds(problem, session, volunteer))


def why_not_both(problem: Problem, one: Session, other: Session) -> tuple[str, ...]:
    """The rules that keep one person from doing both sessions."""
    return tuple(rule.code for rule in CAN_DO_BOTH if not rule.holds(problem, one, other))


def why_not_all(problem: Problem, volunteer: Volunteer, sessions: Sequence[Session]) -> tuple[str, ...]:
    """The caps that these sessions together would break."""
    return tuple(rule.code for rule in WITHIN_CAPS if not rule.holds(problem, volunteer, sessions))


def check_placement(problem: Problem, placements: Iterable[Pair], session: str, volunteer: str) -> tuple[str, ...]:
    """The hard rules that this person at this session would break beside the other placements; none: it may be."""
    here, person = problem.session_by_id[session], problem.volunteer_by_id[volunteer]
    others = dict.fromkeys(each.session for each in placements if each.volunteer == volunteer)
    others.pop(session, None)
    beside = [problem.session_by_id[each] for each in others]
    clashes = {code for other in beside for code in why_not_both(problem, here, other)}
    broken = {*why_not_alone(problem, here, person), *clashes, *why_not_all(problem, person, [*beside, here])}
    return tuple(code for code in HARD_CODES if code in broken)
