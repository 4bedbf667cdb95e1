"""返却の遅れ: loan phones that should be back, each with the number to call in large type."""

import flet as ft

from events.overdue_loans import OverdueLoan, overdue_loans
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.layout import card, screen_column, title_row
from supportapp.components.states import empty_state, error_banner, skeleton, state_chip
from supportapp.components.texts import body, figure, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, STEP


@ft.component
def OverdueLoans() -> ft.Control:
    """The list; the longest overdue first."""
    office = use_office()
    say, code = office.words, office.actor.municipality_code
    found = use_query(overdue_loans, (municipality_topic(code),), municipality_code=code, today=office.today)
    head = title_row(say("today.loans_title"), under=quiet(say("today.loans_lead")))
    if found.error:
        again = quiet_button(say("today.again"), lambda _event: found.refresh(), key="loans-again")
        return screen_column([head, error_banner(found.error, again)])
    if found.value is None:
        return screen_column([head, skeleton(say("today.loading"), rows=4, row_height=96)])
    if not found.value:
        nothing = empty_state(say("today.loans_none"), icon=ft.Icons.CHECK_CIRCLE_OUTLINE)
        return screen_column([head, card([nothing])])
    return screen_column([head, *(_loan(office, loan) for loan in found.value)])


def _loan(office: Office, loan: OverdueLoan) -> ft.Control:
    say = office.words
    due = day_words(say, office.language, loan.due_on, office.today)
    days = (office.today - loan.due_on).days
    person = secondary_button(
        say("today.open_person"),
        lambda _event: office.go(f"/people/attendees/{loan.attendee_id}"),
        key=f"loan-person-{loan.loan_id}",
    )
    return card(
        [
            ft.Row([row_title(loan.name), quiet(loan.kana)], wrap=True, spacing=GAP),
            figure(loan.telephone or say("today.no_telephone")),
            body(say("today.loan_words", device=loan.device, due=due)),
            ft.Row(
                [state_chip("short", say("today.days_late", days=days)), person],
                wrap=True,
                spacing=GAP,
                run_spacing=STEP,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
        ],
        key=f"loan-{loan.loan_id}",
    )
