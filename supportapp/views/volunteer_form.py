"""The form about a supporter: three values are enough, the rest can come later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import flet as ft

from events.errors import DomainError
from events.japan.eras import in_era
from events.japan.typed_dates import parse_date
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import NumberInput, SelectInput, TextInput, check_row, choice_row, form
from supportapp.components.handlers import calls_with
from supportapp.components.moments import DateInput
from supportapp.components.states import error_banner
from supportapp.components.texts import row_title
from supportapp.hooks import Office, use_action, use_office
from supportapp.theme import GAP, STEP
from supportapp.views.volunteer_words import skill_words
from volunteers.queries import VolunteerPage
from volunteers.roster import (
    SKILLS,
    MembershipTerms,
    VolunteerDetails,
    VolunteerReceipt,
    add_volunteer,
    edit_volunteer,
    set_membership,
)
from volunteers.states import VolunteerKind, VolunteerState

RESIDENCES = ("lives", "works", "studies")


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form."""

    details: VolunteerDetails
    terms: MembershipTerms


EMPTY = Draft(
    VolunteerDetails(name="", kind=VolunteerKind.TOKYO_SUPPORTER), MembershipTerms(VolunteerState.PROVISIONAL)
)


def draft_of(page: VolunteerPage) -> Draft:
    """The form filled with what is known."""
    return Draft(
        VolunteerDetails(
            name=page.name,
            kind=page.kind,
            kana=page.kana,
            telephone=page.telephone,
            email=page.email,
            birth_date=page.birth_date,
            residence=page.residence,
            town=page.town,
            address=page.address,
            max_km=page.max_km,
            skills=page.skills,
            can_lead=page.can_lead,
            experienced=page.experienced,
            courses_done=page.courses_done,
            note=page.note,
        ),
        MembershipTerms(page.state, page.cap_per_month, page.cap_per_week, page.seen_next_door),
    )


@ft.component
def VolunteerForm(
    page: VolunteerPage | None,
    *,
    on_saved: Callable[[VolunteerReceipt], Any],
    on_cancel: Callable[[], Any],
) -> ft.Control:
    """Add somebody (``page`` is None) or change what is written."""
    office = use_office()
    act = use_action()
    draft, set_draft = ft.use_state(draft_of(page) if page is not None else EMPTY)
    say = office.words

    def write(**values: Any) -> None:
        set_draft(lambda old: replace(old, details=replace(old.details, **values)))

    def agree(**values: Any) -> None:
        set_draft(lambda old: replace(old, terms=replace(old.terms, **values)))

    async def save() -> None:
        receipt = await (_add(office, act, draft) if page is None else _change(office, act, draft, page))
        if receipt is not None:
            on_saved(receipt)

    fields: list[ft.Control] = [
        *_who(office, draft, write, act.refused),
        *_can(office, draft, write),
        *_agreed(office, draft, agree, write),
    ]
    if act.error:
        fields.append(error_banner(act.error))
    fields.append(
        ft.Row(
            [
                primary_button(say("volunteer.save"), calls_with(save), key="volunteer-save", busy=act.busy),
                quiet_button(say("volunteer.cancel"), calls_with(on_cancel), key="volunteer-cancel"),
            ],
            spacing=STEP,
            wrap=True,
        )
    )
    return form(fields)


async def _add(office: Office, act: Any, draft: Draft) -> VolunteerReceipt | None:
    receipt: VolunteerReceipt | None = await act(
        add_volunteer,
        municipality_code=office.actor.municipality_code,
        details=draft.details,
        terms=draft.terms,
        now=office.now(),
        today=office.today,
    )
    return receipt


async def _change(office: Office, act: Any, draft: Draft, page: VolunteerPage) -> VolunteerReceipt | None:
    code = office.actor.municipality_code
    receipt: VolunteerReceipt | None = await act(
        edit_volunteer,
        volunteer_id=page.volunteer_id,
        municipality_code=code,
        details=draft.details,
        version=page.version,
        today=office.today,
    )
    if receipt is not None and draft.terms != draft_of(page).terms:
        receipt = await act(set_membership, volunteer_id=page.volunteer_id, municipality_code=code, terms=draft.terms)
    return receipt


def _who(office: Office, draft: Draft, write: Any, refused: DomainError | None) -> list[ft.Control]:
    say, details = office.words, draft.details
    wrong = str(refused.details.get("field", "")) if refused is not None else ""

    def text(name: str, value: str, **more: Any) -> ft.Control:
        return TextInput(
            say(f"volunteer.field_{name}"),
            field_key=f"volunteer-{name}",
            value=value,
            on_change=lambda typed: write(**{name: typed}),
            error=" " if wrong == name else None,
            **more,
        )

    return [
        text("name", details.name, autofocus=True),
        text("kana", details.kana),
        SelectInput(
            say("volunteer.field_kind"),
            [(each.value, say(f"volunteer.kind.{each.value}")) for each in VolunteerKind],
            field_key="volunteer-kind",
            value=details.kind.value,
            on_change=lambda value: write(kind=VolunteerKind(value)),
        ),
        text("telephone", details.telephone, keyboard=ft.KeyboardType.PHONE),
        text("email", details.email, keyboard=ft.KeyboardType.EMAIL),
        DateInput(
            say("volunteer.field_birth_date"),
            field_key="volunteer-birth_date",
            value=details.birth_date,
            on_change=lambda day: write(birth_date=day),
            read=lambda typed: _read_day(typed, office.today),
            show=in_era if office.language == "ja" else date.isoformat,
            pick_words=say("volunteer.field_birth_date"),
            unreadable=say("volunteer.date_unreadable"),
        ),
        choice_row(
            say("volunteer.field_residence"),
            [(each, say(f"volunteer.residence.{each}")) for each in RESIDENCES],
            field_key="volunteer-residence",
            value=details.residence,
            on_change=lambda value: write(residence=value),
        ),
        text("town", details.town),
        text("address", details.address),
    ]


def _can(office: Office, draft: Draft, write: Any) -> list[ft.Control]:
    say, details = office.words, draft.details

    def mark(skill: str) -> Callable[[bool], None]:
        def change(chosen: bool) -> None:
            others = [each for each in details.skills if each != skill]
            write(skills=tuple([*others, skill] if chosen else others))

        return change

    known: Sequence[str] = list(dict.fromkeys([*SKILLS, *details.skills]))
    ticks = [
        check_row(
            skill_words(say, office.language, skill),
            field_key=f"volunteer-skill-{skill}",
            value=skill in details.skills,
            on_change=mark(skill),
        )
        for skill in known
    ]
    return [
        row_title(say("volunteer.field_skills")),
        ft.Row(ticks, wrap=True, spacing=GAP, run_spacing=0),
        check_row(
            say("volunteer.can_lead"),
            field_key="volunteer-can_lead",
            value=details.can_lead,
            on_change=lambda value: write(can_lead=value),
        ),
        check_row(
            say("volunteer.experienced"),
            field_key="volunteer-experienced",
            value=details.experienced,
            on_change=lambda value: write(experienced=value),
        ),
    ]


def _agreed(office: Office, draft: Draft, agree: Any, write: Any) -> list[ft.Control]:
    say, terms, details = office.words, draft.terms, draft.details

    def number(name: str, value: int | None, change: Callable[[int | None], Any]) -> ft.Control:
        return NumberInput(say(f"volunteer.field_{name}"), field_key=f"volunteer-{name}", value=value, on_change=change)

    return [
        SelectInput(
            say("volunteer.field_state"),
            [(each.value, say(f"volunteer.state.{each.value}")) for each in VolunteerState],
            field_key="volunteer-terms",
            value=terms.state.value,
            on_change=lambda value: agree(state=VolunteerState(value)),
        ),
        number("courses", details.courses_done, lambda value: write(courses_done=value or 0)),
        number("cap_month", terms.cap_per_month, lambda value: agree(cap_per_month=value)),
        number("cap_week", terms.cap_per_week, lambda value: agree(cap_per_week=value)),
        number(
            "max_km",
            None if details.max_km is None else int(details.max_km),
            lambda value: write(max_km=None if value is None else float(value)),
        ),
        TextInput(
            say("volunteer.field_note"),
            field_key="volunteer-note",
            value=details.note,
            on_change=lambda typed: write(note=typed),
            lines=3,
        ),
    ]


def _read_day(text: str, today: date) -> date | None:
    try:
        return parse_date(text, today=today)
    except DomainError:
        return None


def volunteer_of(text: str | None) -> UUID | None:
    """The id in an address; None for ``new`` or what is no id."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
