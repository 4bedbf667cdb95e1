"""電話をかける: one person at a time, the number in large type, what to say, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import flet as ft

from events.notices.calling import Outcome, Said, record_call, take_back_told
from events.notices.queries import PersonToTell, people_to_tell
from events.notices.ways import TELEPHONE
from supportapp.components.buttons import Tap, danger_button, primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row, screen_column, title_row
from supportapp.components.states import empty_state, error_banner, skeleton
from supportapp.components.texts import body, figure, quiet, row_title
from supportapp.handing_out_calls import hand_out_call_sheet
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.mailing import sender_of
from supportapp.notice_words import Sender, call_text, kind_words
from supportapp.theme import GAP, STEP
from supportapp.views.handing_over import use_hand_over
from supportapp.views.notice_parts import needs_words, person_heading, tries_words
from supportapp.views.registration_parts import next_words

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class _Done:
    """What was noted last, and the notices that an undo would put back on the list."""

    sentence: str = ""
    notices: tuple[UUID, ...] = ()


@ft.component
def Calls() -> ft.Control:
    """The call sheet on the screen; live, so that two colleagues do not call the same person."""
    office = use_office()
    say, code = office.words, office.actor.municipality_code
    minute = office.now().replace(second=0, microsecond=0)
    topics = (municipality_topic(code),)
    found = use_query(people_to_tell, topics, municipality_code=code, now=minute, way=TELEPHONE)
    sender = use_query(sender_of, (), municipality_code=code)
    chosen, set_chosen = ft.use_state("")
    nothing_done = _Done()
    done, set_done = ft.use_state(nothing_done)
    act = use_action()
    hand = use_hand_over()

    async def note(person: PersonToTell, outcome: Outcome) -> None:
        said = tuple(Said(item.notice_id, item.kind, item.about) for item in person.items)
        receipt = await act(
            record_call,
            attendee_id=person.attendee_id,
            said=said,
            outcome=outcome,
            now=office.now(),
            by=office.actor.name,
        )
        found.refresh()
        if receipt is not None:
            words = say(f"notices.done.{outcome.value}", name=person.name, count=receipt.attempts)
            words += say("notices.done.changed") if receipt.changed else ""
            words += next_words(office, receipt.offered) if outcome is Outcome.DECLINED else ""
            undo = tuple(each.notice_id for each in said) if outcome is Outcome.REACHED else ()
            set_done(_Done(words, undo))
            set_chosen("")

    async def take_back() -> None:
        for notice_id in done.notices:
            await act(
                take_back_told,
                notice_id=notice_id,
                reason=say("notices.slip"),
                now=office.now(),
                by=office.actor.name,
            )
        set_done(nothing_done)
        found.refresh()

    async def print_sheet() -> None:
        await hand(
            lambda: hand_out_call_sheet(
                office.backend, office.actor, municipality_code=code, language=office.language
            )
        )

    head = title_row(
        say("notices.calls_title"),
        [
            quiet_button(say("paper.calls.take"), calls_with(print_sheet), key="calls-paper", disabled=hand.busy),
            quiet_button(say("notices.all_ways"), lambda _event: office.go("/notices"), key="calls-all"),
        ],
        under=quiet(say("notices.calls_lead")),
    )
    if found.error or sender.error:
        return screen_column([head, error_banner(found.error or sender.error or "")])
    if found.value is None or sender.value is None:
        return screen_column([head, skeleton(say("notices.loading"), rows=4, row_height=96)])
    banner: list[ft.Control] = []
    if hand.error:
        banner.append(error_banner(hand.error))
    if hand.done:
        banner.append(DoneBanner(hand.done, banner_key="calls-handed", on_close=hand.clear, stays=True))
    if done.sentence:
        banner.append(
            DoneBanner(
                done.sentence,
                banner_key="calls-done",
                on_close=lambda: set_done(nothing_done),
                undo_words=say("notices.take_back") if done.notices else None,
                on_undo=calls_with(take_back),
            )
        )
    if act.error:
        banner.append(error_banner(act.error))
    people = found.value
    if not people:
        return screen_column([head, *banner, card([empty_state(say("notices.nobody_to_call"), icon=ft.Icons.CHECK)])])
    at_hand = next((each for each in people if str(each.attendee_id) == chosen), people[0])
    return screen_column(
        [
            head,
            *banner,
            _call(office, at_hand, sender.value, note, busy=act.busy),
            _others(office, people, at_hand, set_chosen),
        ]
    )


def _call(
    office: Office, person: PersonToTell, sender: Sender, note: Callable[..., Any], *, busy: bool
) -> ft.Control:
    """The person to call now."""
    say = office.words
    numbers: list[ft.Control] = [figure(number) for number in person.telephones]
    whom = [
        say("notices.call_proxy", name=person.proxy, relation=person.relation) if person.proxy else "",
        say("notices.time_of_day", text=person.time_of_day) if person.time_of_day else "",
        needs_words(office, person.needs),
        tries_words(office, person),
    ]
    parts: list[ft.Control] = [
        person_heading(office, person),
        *(numbers or [body(say("notices.no_number"))]),
        *(body(each) for each in whom if each),
        ft.Semantics(
            container=True,
            content=card(
                [body(call_text(say, person, sender, today=office.today))],
                title=say("notices.to_read"),
            ),
        ),
    ]

    def ends(outcome: Outcome) -> Tap:
        return calls_with(note, person, outcome)

    key = person.attendee_id
    reached = say("notices.outcome.reached")
    if any(item.can_answer for item in person.items):
        buttons: list[ft.Control] = [
            primary_button(say("notices.outcome.accepted"), ends(Outcome.ACCEPTED), key=f"accepted-{key}", busy=busy),
            danger_button(say("notices.outcome.declined"), ends(Outcome.DECLINED), key=f"declined-{key}", busy=busy),
            secondary_button(reached, ends(Outcome.REACHED), key=f"reached-{key}", busy=busy),
        ]
    else:
        buttons = [primary_button(reached, ends(Outcome.REACHED), key=f"reached-{key}", busy=busy)]
    no_answer = say("notices.outcome.no_answer")
    buttons.append(secondary_button(no_answer, ends(Outcome.NO_ANSWER), key=f"no_answer-{key}", busy=busy))
    parts.append(ft.Row(buttons, wrap=True, spacing=GAP, run_spacing=STEP))
    return card(parts, key="call-now")


def _others(
    office: Office, people: Sequence[PersonToTell], at_hand: PersonToTell, choose: Callable[[str], Any]
) -> ft.Control:
    """Everybody on the list; a row can be taken first."""
    say = office.words
    rows: list[ft.Control] = []
    for person in people[:_SHOWN]:
        about = say("notices.between").join(dict.fromkeys(kind_words(say, item.kind) for item in person.items))
        lines: list[ft.Control] = [
            row_title(person.name),
            quiet("  ".join(filter(None, [about, *person.telephones[:1], tries_words(office, person)]))),
        ]
        rows.append(
            data_row(
                [ft.Container(width=STEP), ft.Column(lines, spacing=0, tight=True, expand=True)],
                key=f"row-{person.attendee_id}",
                on_click=calls_with(choose, str(person.attendee_id)),
                chosen=person is at_hand,
            )
        )
    parts: list[ft.Control] = [data_list(rows)]
    if len(people) > _SHOWN:
        parts.append(quiet(say("notices.more", count=len(people) - _SHOWN)))
    return card(parts, title=say("notices.left", count=len(people)))
