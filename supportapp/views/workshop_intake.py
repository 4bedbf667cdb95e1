"""受付の期間: when applications begin and end, by which ways, and where one way has times of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final

import flet as ft

from events.japan.clock import at_tokyo, tokyo_date, tokyo_time
from events.planning.windows import IntakeTimes, WindowDraft, set_intake_times
from events.programme_workshop import WorkshopPage
from events.states import Channel, IntakeMethod, ProgrammeState
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import check_row, form
from supportapp.components.layout import card
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner, warning_banner
from supportapp.components.texts import body, row_title
from supportapp.hooks import Office, use_action, use_office
from supportapp.theme import STEP
from supportapp.views.planning_fields import day_field, time_field, when_fields

_CHANNELS: Final = tuple(channel for channel in Channel if channel is not Channel.WALK_IN)
_OPENS, _CLOSES = time(9), time(17)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A day and a time as typed; without a day there is no moment."""

    day: date | None
    at: time

    def value(self) -> datetime | None:
        return at_tokyo(self.day, self.at) if self.day else None


@dataclass(frozen=True, slots=True)
class _Form:
    """The form. ``own`` holds the channels that have times of their own."""

    opens: _Moment
    closes: _Moment
    offered: frozenset[Channel]
    own: Mapping[Channel, tuple[_Moment, _Moment]]

    def times(self) -> IntakeTimes:
        windows = tuple(
            WindowDraft(channel, *(moment.value() for moment in self.own.get(channel, ())))
            for channel in _CHANNELS
            if channel in self.offered
        )
        return IntakeTimes(self.opens.value(), self.closes.value(), windows)


def _moment(value: datetime | None, usual: time) -> _Moment:
    return _Moment(tokyo_date(value), tokyo_time(value)) if value else _Moment(None, usual)


def _form_of(page: WorkshopPage) -> _Form:
    return _Form(
        _moment(page.opens_at, _OPENS),
        _moment(page.deadline_at, _CLOSES),
        frozenset(Channel(channel) for channel in page.channels),
        {
            window.channel: (_moment(window.opens_at, _OPENS), _moment(window.closes_at, _CLOSES))
            for window in page.windows
        },
    )


@ft.component
def IntakeTimesEditor(page: WorkshopPage, *, on_close: Callable[[str], Any]) -> ft.Control:
    """The form; ``on_close`` gets what was done as a sentence, or nothing."""
    office = use_office()
    say = office.words
    values, set_values = ft.use_state(_form_of(page))
    act = use_action()

    def change(**changes: Any) -> None:
        set_values(lambda before: replace(before, **changes))

    async def save(_event: object) -> None:
        receipt = await act(
            set_intake_times,
            workshop_id=page.workshop_id,
            version=page.version,
            times=values.times(),
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            on_close(say("workshop.edited_done"))

    buttons = ft.Row(
        [
            primary_button(say("workshop.save"), save, key="intake-save", busy=act.busy),
            quiet_button(say("workshop.leave_edit"), lambda _event: on_close(""), key="intake-leave"),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=STEP,
    )
    fields = [
        _MomentFields(say("workshop.fact_opens"), values.opens, lambda new: change(opens=new), key="intake-opens"),
        *_gap(office, page, values),
        _MomentFields(
            say("workshop.fact_deadline"), values.closes, lambda new: change(closes=new), key="intake-closes"
        ),
        row_title(say("workshop.fact_channels")),
        *(_ChannelFields(channel, values, change) for channel in _CHANNELS),
        *([error_banner(act.error)] if act.error else []),
        buttons,
    ]
    return card([form(fields)], title=say("workshop.intake_times"), key="workshop-intake-editor")


def _gap(office: Office, page: WorkshopPage, values: _Form) -> list[ft.Control]:
    """How many days people have between hearing of it and the opening; too few are unfair to slow readers."""
    if page.state is not ProgrammeState.DRAFT or values.opens.day is None:
        return []
    say, days = office.words, (values.opens.day - office.today).days
    if days <= 0 and page.method is IntakeMethod.FIRST_COME:
        return [warning_banner(say("workshop.no_gap"))]
    return [body(say("workshop.gap", days=days))] if days > 0 else []


@ft.component
def _MomentFields(label: str, moment: _Moment, on_change: Callable[[_Moment], Any], *, key: str) -> ft.Control:
    """A day and a time side by side."""
    office = use_office()
    screen = use_screen()

    def set_time(at: time | None) -> None:
        if at is not None:
            on_change(replace(moment, at=at))

    day = day_field(office, label, moment.day, lambda day: on_change(replace(moment, day=day)), key=f"{key}-day")
    at = time_field(office, office.words("workshop.clock"), moment.at, set_time, key=f"{key}-time")
    return ft.Column(when_fields(screen, day, at), tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def _ChannelFields(channel: Channel, values: _Form, change: Callable[..., None]) -> ft.Control:
    """One way to apply: offered or not, and if need be its own times."""
    say = use_office().words
    word = say(f"workshop.channel.{channel.value}")
    own = values.own.get(channel)

    def offer(chosen: bool) -> None:
        change(offered=values.offered | {channel} if chosen else values.offered - {channel})

    def have_own(chosen: bool) -> None:
        rest = {each: moments for each, moments in values.own.items() if each is not channel}
        change(own={**rest, channel: (values.opens, values.closes)} if chosen else rest)

    def set_own(position: int, moment: _Moment) -> None:
        opens, closes = values.own[channel]
        change(own={**values.own, channel: (moment, closes) if position == 0 else (opens, moment)})

    parts: list[ft.Control] = [
        check_row(word, field_key=f"channel-{channel.value}", value=channel in values.offered, on_change=offer)
    ]
    if channel in values.offered:
        parts.append(
            check_row(
                say("workshop.own_times", channel=word),
                field_key=f"channel-own-{channel.value}",
                value=own is not None,
                on_change=have_own,
            )
        )
        if own is not None:
            parts += [
                _MomentFields(
                    say(f"workshop.channel_{name}", channel=word),
                    own[position],
                    partial(set_own, position),
                    key=f"channel-{channel.value}-{name}",
                )
                for position, name in enumerate(("opens", "closes"))
            ]
    return ft.Column(parts, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
