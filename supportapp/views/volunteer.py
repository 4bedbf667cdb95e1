"""One supporter: what is known, when they are free, papers and insurance, what comes, and the steps done for them."""

from typing import Any
from uuid import UUID

import flet as ft

from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, tabs, title_row
from supportapp.components.states import error_banner, skeleton, state_chip, warning_banner
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, HALF, STEP
from supportapp.views.flet_types import keyed
from supportapp.views.times_editor import TimesEditor
from supportapp.views.volunteer_coming import ComingPart
from supportapp.views.volunteer_form import VolunteerForm, volunteer_of
from supportapp.views.volunteer_papers import PapersCard
from supportapp.views.volunteer_parts import COVER_MARKS, STATE_MARKS
from supportapp.views.volunteer_words import day_words, dotted, skill_words, this_minute
from volunteers.queries import VolunteerPage, volunteer_page
from volunteers.roster import VolunteerReceipt

PARTS = ("profile", "times", "papers", "coming")


@ft.component
def VolunteerScreen() -> ft.Control:
    """The whole screen; the address ``/people/volunteers/new`` is the empty form."""
    office = use_office()
    named = ft.use_route_params().get("volunteer_id")
    volunteer_id = volunteer_of(named)
    if volunteer_id is None and named == "new":
        return NewVolunteer()
    if volunteer_id is None:
        return error_banner(office.words("error.not_found"))
    return keyed(KnownVolunteer, str(volunteer_id), volunteer_id)


@ft.component
def NewVolunteer() -> ft.Control:
    """The empty form; afterwards the new person's page."""
    office = use_office()
    say = office.words

    def saved(receipt: VolunteerReceipt) -> None:
        again = "?namesakes=1" if receipt.namesakes else ""
        office.go(f"/people/volunteers/{receipt.volunteer_id}{again}")

    return ft.Column(
        [
            title_row(say("volunteer.form_new")),
            ft.Row([VolunteerForm(None, on_saved=saved, on_cancel=lambda: office.go("/people"))], wrap=True),
        ],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def KnownVolunteer(volunteer_id: UUID) -> ft.Control:
    """Somebody who is on the list."""
    office = use_office()
    answer = use_query(
        volunteer_page,
        (municipality_topic(office.actor.municipality_code),),
        volunteer_id=volunteer_id,
        municipality_code=office.actor.municipality_code,
        now=this_minute(office),
    )
    part, set_part = ft.use_state(PARTS[0])
    editing, set_editing = ft.use_state(False)
    said, set_said = ft.use_state("")
    say = office.words

    def saved(_receipt: VolunteerReceipt) -> None:
        set_editing(False)
        set_said(say("volunteer.saved"))
        answer.refresh()

    if answer.error:
        back = quiet_button(say("volunteer.back"), calls_with(office.go, "/people"), key="volunteer-back")
        return error_banner(answer.error, back)
    if answer.value is None:
        return skeleton(say("volunteer.loading"), rows=5)
    page = answer.value
    if editing:
        heading = title_row(say("volunteer.form_edit", name=page.name))
        fields = VolunteerForm(page, on_saved=saved, on_cancel=lambda: set_editing(False))
        return ft.Column(
            [heading, ft.Row([fields], wrap=True)], spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
    parts: list[ft.Control] = [_head(office, page, lambda _event: set_editing(True))]
    if said:
        parts.append(DoneBanner(said, banner_key="volunteer-done", on_close=lambda: set_said("")))
    if office.page.query is not None and office.page.query.to_dict.get("namesakes"):
        parts.append(warning_banner(say("volunteer.namesakes")))
    words = [(name, say(f"volunteer.part_{name}")) for name in PARTS]
    parts.append(tabs(words, chosen=part, on_change=set_part, key="volunteer-part"))
    parts.append(_part(office, page, part))
    return ft.Column(parts, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _part(office: Office, page: VolunteerPage, part: str) -> ft.Control:
    if part == "times":
        return TimesEditor(page.volunteer_id)
    if part == "papers":
        return PapersCard(page)
    if part == "coming":
        return ComingPart(page)
    return _profile(office, page)


def _head(office: Office, page: VolunteerPage, edit: Any) -> ft.Control:
    say = office.words
    chips = ft.Row(
        [
            state_chip(STATE_MARKS[page.state], say(f"volunteer.state.{page.state.value}")),
            state_chip(COVER_MARKS[page.insured_today], say(f"volunteer.insured.{page.insured_today.value}")),
            body(say(f"volunteer.kind.{page.kind.value}")),
        ],
        wrap=True,
        spacing=STEP,
        run_spacing=HALF,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    under = ft.Column([quiet(page.kana), chips], spacing=HALF, tight=True)
    button = secondary_button(say("volunteer.edit"), edit, key="volunteer-edit", icon=ft.Icons.EDIT_OUTLINED)
    return title_row(page.name, [button], under)


def _profile(office: Office, page: VolunteerPage) -> ft.Control:
    say = office.words
    age = {True: "volunteer.age_known", False: "volunteer.age_minor", None: "volunteer.age_unknown"}[page.adult]
    skills = [skill_words(say, office.language, each) for each in page.skills]
    lines = [
        say("volunteer.telephone", number=page.telephone) if page.telephone else say("volunteer.no_telephone"),
        say("volunteer.email", address=page.email) if page.email else "",
        dotted(say, say("volunteer.born", day=day_words(office, page.birth_date)) if page.birth_date else "", say(age)),
        say("volunteer.lives_in", town=f"{page.town} {page.address}".strip()) if page.town or page.address else "",
        say("volunteer.max_km", km=f"{page.max_km:g}") if page.max_km else say("volunteer.any_distance"),
        dotted(say, *skills) if skills else say("volunteer.skills_none"),
        say("volunteer.can_lead") if page.can_lead else "",
        say("volunteer.experienced") if page.experienced else "",
        say("volunteer.courses_done", count=page.courses_done),
        _caps(office, page),
        say("volunteer.sessions_this_year", count=page.sessions_this_year),
    ]
    rows: list[ft.Control] = [body(each) for each in lines if each]
    if page.note:
        rows.extend([row_title(say("volunteer.note")), body(page.note)])
    return card([ft.Column(rows, spacing=HALF, tight=True)], key="volunteer-profile")


def _caps(office: Office, page: VolunteerPage) -> str:
    say = office.words
    caps = [
        say("volunteer.cap_month", count=page.cap_per_month) if page.cap_per_month is not None else "",
        say("volunteer.cap_week", count=page.cap_per_week) if page.cap_per_week is not None else "",
    ]
    return dotted(say, *caps) or say("volunteer.no_cap")
