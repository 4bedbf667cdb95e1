"""連絡: what must be told, by way, and for each way the list to work through."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import flet as ft

from events.notices.calling import Outcome, Said, change_way, record_call
from events.notices.mail_queue import send_again
from events.notices.queries import PersonToTell, WayCount, people_to_tell, ways_to_tell
from events.notices.results import ResultsToTell, begin_telling, draws_to_tell
from events.notices.ways import EMAIL, FAX, POST, SMS, TELEPHONE, WAYS
from events.states import NoticeState
from supportapp.components.buttons import Tap, primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, screen_column, title_row
from supportapp.components.states import empty_state, error_banner, skeleton, state_chip, warning_banner
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Action, Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.mailing import sender_of
from supportapp.notice_words import Sender, kind_words, short_text, sms_parts
from supportapp.theme import GAP, STEP
from supportapp.views.flet_types import keyed
from supportapp.views.notice_parts import WAY_ICONS, WordsToCopy, moment_words, person_heading

_SHOWN: Final = 30


@ft.component
def Notices() -> ft.Control:
    """Everybody who must be told: the ways with their numbers, or the list of one way (``?way=sms``)."""
    office = use_office()
    ft.use_route_location()
    asked = parse_qs(urlsplit(office.page.route).query).get("way", [""])[0]
    if asked in WAYS and asked != TELEPHONE:
        return keyed(NoticeList, asked, asked)
    return NoticeWays()


@ft.component
def NoticeWays() -> ft.Control:
    """How many are to be told by each way; results of draws that nobody was told yet."""
    office = use_office()
    say, code = office.words, office.actor.municipality_code
    minute = office.now().replace(second=0, microsecond=0)
    topics = (municipality_topic(code),)
    ways = use_query(ways_to_tell, topics, municipality_code=code, now=minute)
    draws = use_query(draws_to_tell, topics, municipality_code=code)
    act = use_action()
    done, set_done = ft.use_state("")

    async def begin(draw: ResultsToTell) -> None:
        told = await act(begin_telling, intake_id=draw.intake_id, now=office.now(), by=office.actor.name)
        if told is not None:
            set_done(say("notices.begun", title=draw.title, people=told))

    head = title_row(say("notices.title"), under=quiet(say("notices.lead")))
    if ways.error or draws.error:
        return screen_column([head, error_banner(ways.error or draws.error or "")])
    if ways.value is None or draws.value is None:
        return screen_column([head, skeleton(say("notices.loading"), rows=3, row_height=72)])
    parts: list[ft.Control] = [head]
    if done:
        parts.append(DoneBanner(done, banner_key="notices-done", on_close=lambda: set_done("")))
    if act.error:
        parts.append(error_banner(act.error))
    parts += [_draw(office, draw, begin, busy=act.busy) for draw in draws.value]
    if ways.value:
        first = next((each.way for each in sorted(ways.value, key=_order) if each.due or each.failed), "")
        parts.append(card([_way(office, each, first=each.way == first) for each in sorted(ways.value, key=_order)]))
    elif not draws.value:
        parts.append(card([empty_state(say("notices.nobody"), icon=ft.Icons.CHECK_CIRCLE_OUTLINE)]))
    return screen_column(parts)


def _order(count: WayCount) -> int:
    return WAYS.index(count.way)


def _way(office: Office, count: WayCount, *, first: bool) -> ft.Control:
    say = office.words
    path = "/calls" if count.way == TELEPHONE else f"/notices?way={count.way}"

    def go(_event: object) -> None:
        office.go(path)

    make = primary_button if first else secondary_button
    chips: list[ft.Control] = []
    if count.failed:
        chips.append(state_chip("short", say("notices.failed", count=count.failed)))
    if count.way == EMAIL and count.people > count.failed:
        chips.append(state_chip("neutral", say("notices.on_their_way", count=count.people - count.failed)))
    elif count.people > count.due + count.failed:
        chips.append(state_chip("neutral", say("notices.later", count=count.people - count.due - count.failed)))
    words = say("notices.way_people", way=say(f"person.contact.{count.way}"), count=count.people)
    return ft.Row(
        [
            ft.Icon(WAY_ICONS[count.way]),
            row_title(words),
            *chips,
            make(say(f"notices.open.{count.way}"), go, key=f"way-{count.way}"),
        ],
        wrap=True,
        spacing=GAP,
        run_spacing=STEP,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _draw(office: Office, draw: ResultsToTell, begin: Callable[[ResultsToTell], Any], *, busy: bool) -> ft.Control:
    say = office.words
    lines: list[ft.Control] = [body(say("notices.draw", people=draw.people))]
    if draw.notice_on is not None:
        day = day_words(say, office.language, draw.notice_on, office.today)
        lines.append(quiet(say("notices.draw_on", day=day)))
    button = secondary_button(
        say("notices.begin"), calls_with(begin, draw), key=f"begin-{draw.intake_id}", busy=busy
    )
    return card([*lines, ft.Row([button], wrap=True)], title=draw.title)


@ft.component
def NoticeList(way: str) -> ft.Control:
    """The list of one way: the words to paste or print, and a mark when it was told."""
    office = use_office()
    say, code = office.words, office.actor.municipality_code
    minute = office.now().replace(second=0, microsecond=0)
    found = use_query(people_to_tell, (municipality_topic(code),), municipality_code=code, now=minute, way=way)
    sender = use_query(sender_of, (), municipality_code=code)
    act = use_action()
    back = quiet_button(say("notices.all_ways"), lambda _event: office.go("/notices"), key="notices-all")
    head = title_row(say(f"notices.open.{way}"), [back], under=quiet(say(f"notices.lead_{way}")))
    if found.error or sender.error:
        return screen_column([head, error_banner(found.error or sender.error or "")])
    if found.value is None or sender.value is None:
        return screen_column([head, skeleton(say("notices.loading"), rows=3, row_height=96)])
    parts: list[ft.Control] = [head]
    if way == EMAIL and not office.settings.smtp_host:
        parts.append(warning_banner(say("notices.no_mail_server")))
    if act.error:
        parts.append(error_banner(act.error))
    if not found.value:
        parts.append(card([empty_state(say("notices.nobody_here"), icon=ft.Icons.CHECK)]))
    acts = _Acts(office, act)
    parts += [_person(office, person, sender.value, acts) for person in found.value[:_SHOWN]]
    if len(found.value) > _SHOWN:
        parts.append(quiet(say("notices.more", count=len(found.value) - _SHOWN)))
    return screen_column(parts)


class _Acts:
    """What can be done with one person on a list."""

    def __init__(self, office: Office, act: Action) -> None:
        self._office, self._act = office, act
        self.busy = act.busy

    def told(self, person: PersonToTell) -> Tap:
        """Mark everything as told."""
        said = [Said(item.notice_id, item.kind, item.about) for item in person.items]
        return calls_with(self._told, person.attendee_id, said)

    async def _told(self, attendee_id: UUID, said: Sequence[Said]) -> None:
        await self._act(
            record_call,
            attendee_id=attendee_id,
            said=said,
            outcome=Outcome.REACHED,
            now=self._office.now(),
            by=self._office.actor.name,
        )

    def again(self, person: PersonToTell) -> Tap:
        """Send again what failed."""
        return calls_with(self._again, [each.notice_id for each in person.items if each.state is NoticeState.FAILED])

    async def _again(self, notice_ids: Sequence[UUID]) -> None:
        for notice_id in notice_ids:
            await self._act(send_again, notice_id=notice_id, now=self._office.now())

    def call(self, person: PersonToTell) -> Tap:
        """Put the person on the call sheet instead."""
        return calls_with(self._call, [each.notice_id for each in person.items])

    async def _call(self, notice_ids: Sequence[UUID]) -> None:
        for notice_id in notice_ids:
            await self._act(change_way, notice_id=notice_id, way=TELEPHONE, now=self._office.now())


def _person(office: Office, person: PersonToTell, sender: Sender, acts: _Acts) -> ft.Control:
    say, key = office.words, person.attendee_id
    text = short_text(say, person, sender, today=office.today)
    parts: list[ft.Control] = [person_heading(office, person), *(body(each) for each in _where_to(office, person))]
    buttons: list[ft.Control] = []
    if person.way == EMAIL:
        parts += [body(say("notices.mail_line", kind=kind_words(say, item.kind))) for item in person.items]
        if any(item.state is NoticeState.FAILED for item in person.items):
            buttons.append(primary_button(say("notices.send_again"), acts.again(person), key=f"again-{key}"))
    else:
        note = say("notices.sms_parts", count=sms_parts(text)) if person.way == SMS else ""
        parts.append(keyed(WordsToCopy, f"words-{key}", text, str(key), note))
        buttons.append(primary_button(say("notices.told"), acts.told(person), key=f"told-{key}", busy=acts.busy))
    buttons.append(quiet_button(say("notices.call_instead"), acts.call(person), key=f"call-{key}"))
    return card([*parts, ft.Row(buttons, wrap=True, spacing=GAP, run_spacing=STEP)], key=f"person-{key}")


def _where_to(office: Office, person: PersonToTell) -> list[str]:
    """The number or address that this way needs, and what became of a mail."""
    say = office.words
    if person.way == SMS:
        return list(person.telephones[:1])
    if person.way == FAX:
        return [person.fax]
    if person.way == POST:
        return [f"{person.postal_code} {person.address}".strip()]
    if person.way == EMAIL:
        lines = [person.email]
        for item in person.items:
            if item.failure:
                lines.append(say("notices.failure", reason=item.failure, count=item.attempts))
            if item.next_try_at is not None:
                lines.append(say("notices.leaves", time=moment_words(office, item.next_try_at)))
        return list(dict.fromkeys(lines))
    return []
