"""What stands in the form of a new workshop, and what follows from it: days, sessions, the sentence to check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from events.japan.clock import tokyo_date
from events.opening import closed_reason
from events.planning.dates import Closed, Rhythm, Series, series
from events.planning.drafts import SessionDraft, WorkshopDraft
from events.planning.kinds import kind_template
from events.planning.timing import deadline_of, end_of, span_of
from events.programme_venues import VenueLine
from events.states import IntakeMethod, WorkshopKind
from supportapp.days import day_words, place_words
from supportapp.hooks import Office

V = TypeVar("V")
_ASKED = ("held_on", "starts", "venue_id", "room_id")


@dataclass(frozen=True, slots=True)
class Plan:
    """The form as it stands. None: nothing typed that can be read. ``asked``: the address it began with."""

    kind: WorkshopKind
    title: str
    held_on: date | None = None
    starts: time | None = None
    ends: time | None = None
    venue_id: UUID | None = None
    room_id: UUID | None = None
    seats: int | None = None
    rhythm: Rhythm = Rhythm.ONCE
    count: int | None = 1
    nths: tuple[int, ...] = (1, 3)
    devices: int | None = None
    method: IntakeMethod | None = None
    target: str = ""
    funding_source: str = ""
    cost: int | None = None
    department_id: UUID | None = None
    confirmed: bool = False
    override_reason: str = ""
    more: bool = False
    asked: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether there is enough to look for clashes and to save."""
        return bool(self.title.strip()) and None not in (self.held_on, self.starts, self.seats, self.count)


def first_plan(office: Office, kind: WorkshopKind = WorkshopKind.TRIAL) -> Plan:
    """An empty form of a kind; day, venue, room and start may stand in the address."""
    asked = urlsplit(office.page.route).query
    values = {name: found[0] for name, found in parse_qs(asked).items()}
    template = kind_template(kind)
    return Plan(
        kind=kind,
        title=office.words(f"workshop.title.{kind.value}"),
        held_on=_read(date.fromisoformat, values.get("day")),
        starts=_read(time.fromisoformat, values.get("start")) or template.starts,
        venue_id=_read(UUID, values.get("venue")),
        room_id=_read(UUID, values.get("room")),
        seats=template.seats,
        asked=asked,
    )


def plan_content(plan: Plan) -> dict[str, object]:
    """What a half-typed plan keeps, as plain values."""
    content: dict[str, object] = TypeAdapter(Plan).dump_python(plan, mode="json")
    return content


def kept_plan(office: Office, content: Mapping[str, object]) -> Plan:
    """The plan that was kept. A day or room tapped in the calendar since then is laid over it.

    What another version of the software kept and we cannot read begins anew.
    """
    asked = first_plan(office)
    try:
        plan = TypeAdapter(Plan).validate_python(dict(content))
    except ValidationError:
        return asked
    if not asked.asked or asked.asked == plan.asked:
        return plan
    tapped = {name: getattr(asked, name) for name in _ASKED if getattr(asked, name) is not None}
    return replace(plan, asked=asked.asked, **tapped)


def _read(convert: Callable[[str], V], text: str | None) -> V | None:
    try:
        return convert(text) if text else None
    except ValueError:
        return None


def days_of(plan: Plan, venues: Sequence[VenueLine]) -> Series:
    """The days of the sessions, past closed ones; none while the form is not complete. Raises InvalidValue."""
    if plan.held_on is None or not plan.count:
        return Series((), ())
    if plan.rhythm is Rhythm.ONCE:
        return Series((plan.held_on,), ())
    return series(plan.held_on, count=plan.count, rhythm=plan.rhythm, nths=plan.nths, closed=_closed(plan, venues))


def _closed(plan: Plan, venues: Sequence[VenueLine]) -> Closed:
    rule = next((venue.opening_rule for venue in venues if venue.venue_id == plan.venue_id), {})
    return lambda day: closed_reason(rule, day)


def session_drafts(plan: Plan, days: Sequence[date]) -> tuple[SessionDraft, ...]:
    """The sessions as they would be saved."""
    if not plan.is_complete or plan.starts is None:
        return ()
    return tuple(
        SessionDraft(
            held_on=day,
            starts=plan.starts,
            ends=plan.ends,
            venue_id=plan.venue_id,
            room_id=plan.room_id,
            seats=plan.seats,
            devices=plan.devices,
            confirmed=plan.confirmed,
            override_reason=plan.override_reason,
        )
        for day in days
    )


def workshop_draft(office: Office, plan: Plan) -> WorkshopDraft:
    """The workshop as it would be saved; whom it is for comes from the kind unless somebody wrote it."""
    return WorkshopDraft(
        kind=plan.kind,
        title=plan.title,
        target=plan.target or office.words(f"workshop.target.{plan.kind.value}"),
        method=plan.method,
        funding_source=plan.funding_source,
        cost=plan.cost,
        department_id=plan.department_id,
    )


def preview(office: Office, plan: Plan, days: Sequence[date], venues: Sequence[VenueLine]) -> list[str]:
    """The plan in sentences, to read once before saving. Raises InvalidValue."""
    if not plan.is_complete or plan.starts is None or not days:
        return [office.words("workshop.fill_in")]
    say = office.words
    template = kind_template(plan.kind)
    span = span_of(days[0], plan.starts, plan.ends, template)
    values = {
        "day": day_words(say, office.language, days[0], office.today),
        "time": f"{plan.starts:%H:%M}–{plan.ends or end_of(plan.starts, template):%H:%M}",
        "place": _place(plan, venues) or say("workshop.place_later"),
        "title": plan.title.strip(),
        "seats": plan.seats,
    }
    deadline = deadline_of(span.starts_at, days[0], template, office.now())
    method = (plan.method or template.method).value
    return [
        say("workshop.preview_several", count=len(days), **values)
        if len(days) > 1
        else say("workshop.preview", **values),
        say(
            "workshop.preview_method",
            method=say(f"workshop.method.{method}"),
            deadline=day_words(say, office.language, tokyo_date(deadline), office.today),
        ),
    ]


def _place(plan: Plan, venues: Sequence[VenueLine]) -> str:
    venue = next((each for each in venues if each.venue_id == plan.venue_id), None)
    if venue is None:
        return ""
    room = next((each.name for each in venue.rooms if each.room_id == plan.room_id), "")
    return place_words(venue.name, room, "")
