"""Left on the telephone screen: the caller, found by number, kana or name, or made with four fields."""

from collections.abc import Sequence
from uuid import UUID

import flet as ft

from events.age_bands import AGE_BANDS
from events.attendee_page import Caller
from events.attendee_search import PersonFound, can_be_searched, find_people, possible_duplicates
from events.states import PhoneKind
from supportapp.booking_words import age_words, day_words
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.fields import SelectInput, choice_row
from supportapp.components.handlers import calls_with
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner, skeleton, state_chip, warning_banner
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import use_office, use_query
from supportapp.pauses import use_pause
from supportapp.theme import HALF, STEP
from supportapp.views.arrows import row_at, says_row, use_arrows, use_row_in_sight
from supportapp.views.cursor import FocusField
from supportapp.views.person_row import PersonRow
from supportapp.views.telephone_desk import CallDesk
from supportapp.views.telephone_pane import pane

_SHOWN = 6


@ft.component
def PersonPane(desk: CallDesk, person: Caller | None, error: str | None) -> ft.Control:
    """Who calls: one field, and under it whoever it may be."""
    if desk.form.person:
        return KnownCaller(desk, person, error)
    if desk.form.is_new:
        return NewCaller(desk) if desk.form.has_person else NewPerson(desk)
    return Search(desk)


@ft.component
def Search(desk: CallDesk) -> ft.Control:
    """The one field, and the people it finds while it is typed."""
    office = use_office()
    screen = use_screen()
    say = office.words
    text = use_pause(desk.form.text)
    found = use_query(
        find_people,
        (),
        municipality_code=office.actor.municipality_code,
        text=text,
        limit=_SHOWN + 1,
        today=office.today,
    )
    people: Sequence[PersonFound] = found.value or ()
    is_current = text == desk.form.text and not found.loading
    arrows = use_arrows([str(each.attendee_id) for each in people[:_SHOWN]])
    listed_ref = use_row_in_sight(arrows.at)
    marked_words = next((f"{each.name} {each.kana}" for each in people if str(each.attendee_id) == arrows.at), "")

    def typed(value: str) -> None:
        desk.change(text=value)

    async def marked_or_only(value: str) -> None:
        """Enter: the person the arrow keys stand on, or the only one there is."""
        marked = arrows.now()
        if marked:
            desk.change_to(UUID(marked))
            return
        desk.change(text=value)
        answer = await office.backend.read(
            office.actor,
            find_people,
            municipality_code=office.actor.municipality_code,
            text=value,
            limit=2,
            today=office.today,
        )
        if len(answer) == 1:
            desk.change_to(answer[0].attendee_id)

    field = FocusField(
        say("telephone.search"),
        field_key="person-search",
        value=desk.form.text,
        help_text=say("telephone.search_help"),
        on_change=typed,
        on_submit=marked_or_only,
        on_arrow=arrows.step,
        turn=True,
    )
    parts: list[ft.Control] = []
    if found.error:
        parts.append(error_banner(found.error))
    parts += [
        row_at(
            PersonRow(
                each,
                row_key=f"person-{position}",
                on_choose=calls_with(desk.change_to, each.attendee_id),
                at=str(each.attendee_id) == arrows.at,
            ),
            str(each.attendee_id),
        )
        for position, each in enumerate(people[:_SHOWN])
    ]
    if len(people) > _SHOWN:
        parts.append(quiet(say("telephone.more_found", count=len(people) - _SHOWN)))
    if is_current and not people and can_be_searched(text):
        parts.append(body(say("telephone.nobody")))
    if desk.form.text.strip():
        parts.append(
            ft.Row(
                [
                    secondary_button(
                        say("telephone.new_person"),
                        calls_with(desk.begin_new_person),
                        key="new-person",
                        icon=ft.Icons.PERSON_ADD_OUTLINED,
                    )
                ]
            )
        )
    head = [field, says_row(marked_words)]
    return pane(
        screen, say("telephone.person_title"), head, parts, key="telephone-person", listed_ref=listed_ref
    )


@ft.component
def KnownCaller(desk: CallDesk, person: Caller | None, error: str | None) -> ft.Control:
    """Somebody we know: what to confirm, what to keep in mind, what they have booked."""
    office = use_office()
    screen = use_screen()
    say = office.words
    again = quiet_button(
        say("telephone.change_person"), calls_with(desk.forget_person), key="change-person", icon=ft.Icons.UNDO
    )
    if person is None:
        waiting = error_banner(error) if error else skeleton(say("telephone.loading"), rows=2)
        return pane(screen, say("telephone.person_title"), [waiting, ft.Row([again])], [], key="telephone-person")
    facts = [
        age_words(say, person.age_band),
        person.town,
        person.telephone,
        say(f"person.phone.{person.phone_kind.value}"),
    ]
    parts: list[ft.Control] = [
        row_title(person.name),
        quiet(person.kana or say("person.no_kana")),
        body("・".join(fact for fact in facts if fact)),
    ]
    if person.needs:
        chips = [state_chip("accent", say(f"person.need.{need}")) for need in person.needs]
        parts.append(ft.Row(chips, wrap=True, spacing=STEP, run_spacing=HALF))
    if person.note:
        parts.append(warning_banner(say("telephone.person_note", note=person.note)))
    parts += [
        quiet(
            say(
                "telephone.coming",
                title=visit.title,
                when=day_words(say, visit.held_on, office.today),
                state=say(f"person.state.{visit.state.value}") if visit.state else "",
            )
        )
        for visit in person.coming
    ]
    return pane(screen, say("telephone.person_title"), [], [*parts, ft.Row([again])], key="telephone-person")


@ft.component
def NewCaller(desk: CallDesk) -> ft.Control:
    """The new person in short, once the fields are done."""
    say = use_office().words
    screen = use_screen()
    form = desk.form
    phone = form.phone_kind or PhoneKind.UNKNOWN.value
    facts = [age_words(say, form.age_band), form.telephone, say(f"person.phone.{phone}")]
    again = quiet_button(
        say("telephone.correct"), lambda _event: desk.change(person_done=False), key="correct-person"
    )
    parts = [row_title(form.name), quiet(form.kana), body("・".join(facts)), ft.Row([again])]
    return pane(screen, say("telephone.person_title"), [], parts, key="telephone-person")


@ft.component
def NewPerson(desk: CallDesk) -> ft.Control:
    """Four fields, and whoever is known already and may be meant."""
    office = use_office()
    screen = use_screen()
    say, form = office.words, desk.form
    asked_for_more, set_asked_for_more = ft.use_state(False)
    asked = use_pause((form.name, form.kana, form.telephone))
    alike = use_query(
        possible_duplicates,
        (),
        municipality_code=office.actor.municipality_code,
        name=asked[0],
        kana=asked[1],
        telephone=asked[2],
        today=office.today,
    )

    def done(_value: object = None) -> None:
        set_asked_for_more(not desk.finish_person())

    fields: list[ft.Control] = [
        FocusField(
            say("telephone.name"),
            field_key="new-name",
            value=form.name,
            turn=True,
            on_change=lambda text: desk.change(name=text),
        ),
        FocusField(
            say("telephone.kana"), field_key="new-kana", value=form.kana, on_change=lambda text: desk.change(kana=text)
        ),
        FocusField(
            say("telephone.number"),
            field_key="new-telephone",
            value=form.telephone,
            on_change=lambda text: desk.change(telephone=text),
            on_submit=done,
            keyboard=ft.KeyboardType.PHONE,
        ),
        SelectInput(
            say("telephone.age"),
            [(band, age_words(say, band)) for band in reversed(AGE_BANDS)],
            field_key="new-age",
            value=form.age_band or None,
            on_change=lambda band: desk.change(age_band=band),
        ),
        choice_row(
            say("telephone.phone"),
            [(kind.value, say(f"person.phone.{kind.value}")) for kind in PhoneKind if kind is not PhoneKind.UNKNOWN],
            field_key="new-phone",
            value=form.phone_kind,
            on_change=lambda kind: desk.change(phone_kind="" if kind == form.phone_kind else kind),
        ),
    ]
    head = ft.Row(
        [
            ft.Container(row_title(say("telephone.new_person_title")), expand=True),
            quiet_button(say("telephone.back_to_search"), calls_with(desk.forget_person), key="back-to-search"),
        ]
    )
    parts: list[ft.Control] = [*fields]
    if alike.value:
        parts.append(warning_banner(say("telephone.alike")))
        parts += [
            PersonRow(
                each,
                row_key=f"alike-{position}",
                on_choose=calls_with(desk.change_to, each.attendee_id),
            )
            for position, each in enumerate(alike.value)
        ]
    if asked_for_more and not form.is_complete:
        parts.append(error_banner(say("telephone.person_incomplete")))
    parts.append(
        ft.Row(
            [secondary_button(say("telephone.person_done"), done, key="person-done")],
            alignment=ft.MainAxisAlignment.END,
        )
    )
    return pane(screen, say("telephone.person_title"), [head], parts, key="telephone-person")
