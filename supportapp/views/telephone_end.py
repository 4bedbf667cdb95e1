"""Below on the telephone screen: the sentence to read back aloud, and one button."""

from collections.abc import Sequence

import flet as ft

from events.attendee_page import Caller
from events.attendee_search import PersonFound
from events.attendees import PersonAlike
from events.registration import MOST_COMPANIONS
from events.registration_choices import BookableSession
from events.registration_errors import ChannelNotOffered, IntakeClosed, IntakeNotOpen
from supportapp.booking_words import question_to_read
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.fields import SelectInput, check_row
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner
from supportapp.components.texts import body, row_title
from supportapp.hooks import use_office
from supportapp.theme import GAP, STEP
from supportapp.views.cursor import FocusField, NextStepButton
from supportapp.views.person_row import PersonRow
from supportapp.views.telephone_desk import CallDesk

_PAST_WITH_REASON = (IntakeClosed, IntakeNotOpen, ChannelNotOffered)


@ft.component
def EndPane(desk: CallDesk, person: Caller | None, chosen: BookableSession | None) -> ft.Control:
    """What is said to the caller, and what makes it so."""
    office = use_office()
    screen = use_screen()
    say = office.words
    more, set_more = ft.use_state(False)
    name = person.name if person else desk.form.name
    has_person = person is not None or desk.form.has_person
    is_possible = has_person and chosen is not None and chosen.registered is None
    if not has_person:
        sentence: ft.Control = body(say("telephone.say_person"))
    elif chosen is None:
        sentence = body(say("telephone.say_session"))
    else:
        words = question_to_read(say, chosen, name=name, today=office.today, slot_starts_at=desk.form.slot_starts_at)
        sentence = ft.Semantics(live_region=True, content=row_title(words))
    open_more = more or bool(desk.form.companions or desk.form.note or desk.form.wants_device)
    buttons = ft.Row(
        [
            *(
                [quiet_button(say("telephone.more"), lambda _event: set_more(True), key="booking-more")]
                if is_possible and not open_more
                else []
            ),
            NextStepButton(
                say("telephone.book"),
                calls_with(desk.book, chosen),
                button_key="book",
                icon=ft.Icons.CHECK,
                turn=desk.form.chosen if is_possible else "",
                disabled=not is_possible,
                busy=desk.booking.busy,
            ),
        ],
        spacing=GAP,
        run_spacing=STEP,
        wrap=True,
        alignment=ft.MainAxisAlignment.END,
    )
    lines: list[ft.Control] = []
    if screen.is_side_by_side:
        lines.append(
            ft.Row(
                [ft.Container(sentence, expand=True), buttons],
                spacing=GAP,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            )
        )
    else:
        lines += [sentence, buttons]
    if open_more and is_possible:
        lines.insert(0, Extras(desk))
    if desk.booking.error:
        lines.append(error_banner(desk.booking.error))
        lines += _ways_on(desk, chosen)
    return card(lines, title=None, key="telephone-end")


def _ways_on(desk: CallDesk, chosen: BookableSession | None) -> list[ft.Control]:
    """What can be done about a refusal, where something can."""
    refused = desk.booking.refused
    if isinstance(refused, PersonAlike):
        return [AlikePeople(desk, chosen, tuple(refused.people))]
    if isinstance(refused, _PAST_WITH_REASON):
        return [LateReason(desk, chosen)]
    return []


@ft.component
def Extras(desk: CallDesk) -> ft.Control:
    """What is rarely needed: who comes along, a loan phone, a note."""
    say = use_office().words
    counts = [("0", say("telephone.companion_none"))]
    counts += [
        (str(count), say("telephone.companion_count", count=count)) for count in range(1, MOST_COMPANIONS + 1)
    ]
    return ft.Row(
        [
            SelectInput(
                say("telephone.companions"),
                counts,
                field_key="companions",
                value=str(desk.form.companions),
                on_change=lambda count: desk.change(companions=int(count)),
                width=160,
            ),
            check_row(
                say("telephone.device"),
                field_key="wants-device",
                value=desk.form.wants_device,
                on_change=lambda wants: desk.change(wants_device=wants),
            ),
            FocusField(
                say("telephone.note"),
                field_key="booking-note",
                value=desk.form.note,
                on_change=lambda text: desk.change(note=text),
                width=360,
            ),
        ],
        wrap=True,
        spacing=GAP,
        run_spacing=STEP,
        vertical_alignment=ft.CrossAxisAlignment.END,
    )


@ft.component
def LateReason(desk: CallDesk, chosen: BookableSession | None) -> ft.Control:
    """Taking an application outside of its time needs a reason, which is kept with it."""
    say = use_office().words
    return ft.Column(
        [
            FocusField(
                say("telephone.reason"),
                field_key="late-reason",
                value=desk.form.reason,
                on_change=lambda text: desk.change_quietly(reason=text),
            ),
            ft.Row(
                [
                    secondary_button(
                        say("telephone.book"),
                        calls_with(desk.book, chosen),
                        key="book-with-reason",
                        disabled=not desk.form.reason.strip(),
                    )
                ]
            ),
        ],
        spacing=STEP,
        tight=True,
    )


@ft.component
def AlikePeople(desk: CallDesk, chosen: BookableSession | None, people: Sequence[PersonFound]) -> ft.Control:
    """The same person, or another of the same name, kana and telephone?"""
    say = use_office().words

    async def another() -> None:
        if chosen is not None:
            await desk.book(chosen, is_another_person=True)

    rows: list[ft.Control] = [
        PersonRow(
            each, row_key=f"same-{position}", on_choose=calls_with(desk.change_to, each.attendee_id)
        )
        for position, each in enumerate(people)
    ]
    return ft.Column(
        [
            body(say("telephone.is_this_one")),
            *rows,
            ft.Row([secondary_button(say("telephone.is_another"), calls_with(another), key="is-another")]),
        ],
        spacing=STEP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
