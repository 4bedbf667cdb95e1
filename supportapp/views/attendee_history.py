"""What happened with a person, newest first, and what can still be done about it."""

from collections.abc import Callable
from datetime import date

import flet as ft

from events.attendee_page import AttendeePage, LoanLine, Visit
from events.japan.clock import tokyo_date
from events.registration_changes import cancel_registration, restore_registration
from supportapp.components.buttons import quiet_button
from supportapp.components.done import DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card
from supportapp.components.spoken import spoken
from supportapp.components.states import ConfirmPanel, error_banner, state_chip
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Office, use_action, use_office
from supportapp.theme import GAP, HAIRLINE, STEP
from supportapp.views.registration_parts import next_words
from supportapp.views.registration_row import MARKS

_CAME = ("present", "late")


@ft.component
def AttendeeHistory(page: AttendeePage, refresh: Callable[[], None]) -> ft.Control:
    """Applications and visits, loan phones, consultations."""
    office = use_office()
    say = office.words
    act = use_action()
    asked, set_asked = ft.use_state("")
    done, set_done = ft.use_state("")

    async def cancel(visit: Visit, reason: str) -> None:
        if visit.registration_id is None:
            return
        receipt = await act(
            cancel_registration,
            registration_id=visit.registration_id,
            reason=reason,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            set_asked("")
            set_done(say("attendee.cancelled") + next_words(office, receipt.offered))
            refresh()

    async def restore(visit: Visit) -> None:
        if visit.registration_id is None:
            return
        receipt = await act(
            restore_registration, registration_id=visit.registration_id, now=office.now(), by=office.actor.name
        )
        if receipt is not None:
            set_done(say("attendee.restored", state=say(f"person.state.{receipt.state.value}")))
            refresh()

    def ask(visit: Visit) -> None:
        act.clear()
        set_asked(_key(visit))

    rows: list[ft.Control] = []
    if done:
        rows.append(DoneBanner(done, banner_key="history-done", on_close=lambda: set_done("")))
    if act.error and not asked:
        rows.append(error_banner(act.error))
    for visit in page.visits:
        rows.append(_visit(office, visit, ask, restore))
        if asked == _key(visit):
            day = day_words(say, office.language, visit.held_on, office.today)
            rows.append(
                ConfirmPanel(
                    say("attendee.cancel_question", title=visit.title, day=day),
                    panel_key="history-cancel",
                    confirm_words=say("attendee.cancel"),
                    keep_words=say("attendee.keep"),
                    on_confirm=lambda reason, visit=visit: cancel(visit, reason),
                    on_keep=lambda _event: set_asked(""),
                    reason_words=say("attendee.cancel_reason"),
                    error=act.error,
                    busy=act.busy,
                )
            )
    if not page.visits:
        rows.append(quiet(say("attendee.no_history")))
    cards = [card(rows, title=say("attendee.history_title"))]
    if page.loans:
        loans = [body(_loan(office, loan)) for loan in page.loans]
        cards.append(card(loans, title=say("attendee.loans_title")))
    if page.consultations:
        notes: list[ft.Control] = [
            ft.Column(
                [
                    row_title(_day(office, tokyo_date(each.at))),
                    body(f"{each.topic} {each.result}"),
                    quiet(each.hand_over),
                ],
                spacing=0,
                tight=True,
            )
            for each in page.consultations
        ]
        cards.append(card(notes, title=say("attendee.consultations_title")))
    return ft.Column(cards, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _visit(
    office: Office, visit: Visit, ask: Callable[[Visit], None], restore: Callable[[Visit], object]
) -> ft.Control:
    say = office.words
    chips = []
    if visit.attendance is not None:
        mark = "enough" if visit.attendance.value in _CAME else "short"
        chips.append(state_chip(mark, say(f"person.attendance.{visit.attendance.value}")))
    elif visit.state is not None:
        chips.append(state_chip(MARKS.get(visit.state, "cancelled"), say(f"person.state.{visit.state.value}")))
    if visit.walk_in:
        chips.append(state_chip("neutral", say("attendee.walk_in")))
    buttons = []
    if visit.can_be_cancelled:
        cancel = quiet_button(say("attendee.cancel"), calls_with(ask, visit), key=f"cancel-{_key(visit)}")
        buttons.append(spoken(cancel, say("attendee.cancel_name", title=visit.title)))
    elif visit.can_be_restored:
        back = quiet_button(say("attendee.restore"), calls_with(restore, visit), key=f"restore-{_key(visit)}")
        buttons.append(spoken(back, say("attendee.restore_name", title=visit.title)))
    return ft.Container(
        ft.Column(
            [
                body(say("attendee.visit_line", day=_day(office, visit.held_on), title=visit.title)),
                ft.Row(
                    [*chips, *buttons],
                    wrap=True,
                    spacing=STEP,
                    run_spacing=STEP,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
            ],
            spacing=STEP,
            tight=True,
        ),
        padding=ft.Padding.symmetric(vertical=STEP),
        border=ft.Border(bottom=ft.BorderSide(HAIRLINE, ft.Colors.OUTLINE_VARIANT)),
    )


def _loan(office: Office, loan: LoanLine) -> str:
    say = office.words
    line = say(
        "attendee.loan_line",
        number=loan.number,
        model=loan.model,
        out=_day(office, loan.out_on),
        due=_day(office, loan.due_on),
    )
    if loan.returned_on is None:
        return f"{line} {say('attendee.loan_open')}"
    return f"{line} {say('attendee.loan_back', day=_day(office, loan.returned_on))}"


def _day(office: Office, day: date) -> str:
    return day_words(office.words, office.language, day, office.today)


def _key(visit: Visit) -> str:
    return f"{visit.registration_id}-{visit.session_id}"
