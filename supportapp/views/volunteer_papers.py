"""Papers that were seen and insurance: what, when, by whom; the product records, it does not verify."""

from typing import Any

import flet as ft

from events.japan.fiscal_year import first_day, fiscal_year
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card, data_list, data_row
from supportapp.components.states import error_banner, state_chip
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import Office, use_action, use_office
from supportapp.theme import GAP, STEP
from supportapp.views.activity_paper import ActivityPaper
from supportapp.views.volunteer_parts import COVER_MARKS
from supportapp.views.volunteer_words import day_words, fiscal_year_words
from volunteers.insurance import Cover, Year, plan_renewal, record_insurance
from volunteers.queries import DocumentSeen, VolunteerPage
from volunteers.roster import DOCUMENTS, note_document_seen


@ft.component
def PapersCard(page: VolunteerPage) -> ft.Control:
    """Insurance year by year, and the papers, each with one press to record."""
    office = use_office()
    act = use_action()
    say = office.words
    this_year = fiscal_year(office.today)

    async def record(year: int) -> None:
        await act(
            record_insurance,
            volunteer_id=page.volunteer_id,
            fiscal_year=year,
            insured_from=max(office.today, first_day(year)),
            today=office.today,
            by=office.actor.name,
        )

    async def plan(year: int, planned: bool) -> None:
        await act(plan_renewal, volunteer_id=page.volunteer_id, fiscal_year=year, planned=planned)

    async def see(kind: str) -> None:
        await act(
            note_document_seen,
            volunteer_id=page.volunteer_id,
            kind=kind,
            seen_on=office.today,
            today=office.today,
            by=office.actor.name,
        )

    insurance: list[ft.Control] = [error_banner(act.error)] if act.error else []
    if page.exempt:
        insurance.append(body(say("volunteer.insurance_exempt")))
    insurance.append(data_list([_year(office, page, year, record, plan) for year in (this_year, this_year + 1)]))
    documents: list[ft.Control] = [_document(office, each) for each in page.documents]
    papers: list[ft.Control] = [data_list(documents) if documents else body(say("volunteer.documents_none"))]
    papers.append(row_title(say("volunteer.see_document")))
    papers.append(
        ft.Row(
            [
                secondary_button(
                    say(f"volunteer.document.{each}"), calls_with(see, each), key=f"document-{each}", busy=act.busy
                )
                for each in DOCUMENTS
            ],
            wrap=True,
            spacing=STEP,
            run_spacing=STEP,
        )
    )
    return ft.Column(
        [
            card(insurance, title=say("volunteer.insurance"), key="insurance"),
            card(papers, title=say("volunteer.documents"), key="documents"),
            card(
                [ActivityPaper(page.volunteer_id, year) for year in (this_year, this_year - 1)],
                title=say("paper.activity.title"),
                key="activity",
            ),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _year(office: Office, page: VolunteerPage, year: int, record: Any, plan: Any) -> ft.Control:
    say = office.words
    known = next((each for each in page.insurance if each.fiscal_year == year), Year(year, None, renewal_planned=False))
    shown = fiscal_year_words(office, year)
    cover, about = _cover(office, known)
    steps: list[ft.Control] = []
    if known.insured_from is None:
        words = say("volunteer.record_insurance", year=shown)
        steps.append(secondary_button(words, calls_with(record, year), key=f"insured-{year}"))
        word = "volunteer.unplan_renewal" if known.renewal_planned else "volunteer.plan_renewal"
        change = calls_with(plan, year, not known.renewal_planned)
        steps.append(quiet_button(say(word, year=shown), change, key=f"renewal-{year}"))
    words_of_year: list[ft.Control] = [row_title(shown), *(quiet(each) for each in about)]
    return data_row(
        [
            ft.Container(ft.Column(words_of_year, spacing=0, tight=True), expand=True),
            ft.Row(
                [state_chip(COVER_MARKS[cover], say(f"volunteer.insured.{cover.value}")), *steps],
                wrap=True,
                spacing=STEP,
                tight=True,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
        ],
        key=f"insurance-{year}",
    )


def _cover(office: Office, year: Year) -> tuple[Cover, list[str]]:
    say = office.words
    if year.insured_from is not None:
        about = [say("volunteer.insured_from", day=day_words(office, year.insured_from))]
        if year.seen_on is not None:
            about.append(say("volunteer.insurance_seen", day=day_words(office, year.seen_on), by=year.seen_by))
        return Cover.INSURED, about
    return (Cover.RENEWAL_PLANNED if year.renewal_planned else Cover.NONE), []


def _document(office: Office, each: DocumentSeen) -> ft.Control:
    words = office.words(
        "volunteer.document_line",
        kind=office.words(f"volunteer.document.{each.kind}"),
        day=day_words(office, each.seen_on),
        by=each.seen_by,
    )
    return data_row([ft.Container(body(words))], key=f"seen-{each.kind}-{each.seen_on}")
