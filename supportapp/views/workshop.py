"""講座: its sessions, its facts, and what can be done with it: publish, change, plan again, cancel with a reason."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import flet as ft

from events.planning.drafts import WorkshopReceipt
from events.planning.publishing import publish_workshop, withdraw_workshop
from events.planning.stopping import cancel_workshop
from events.programme_workshop import WorkshopPage, workshop_page
from events.stages import is_read_only
from events.states import IntakeMethod, ProgrammeState
from supportapp.components.buttons import Tap, danger_button, primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.layout import card, data_list, screen_column, title_row, two_pane
from supportapp.components.screen import use_screen
from supportapp.components.states import ConfirmPanel, error_banner, skeleton, state_chip, warning_banner
from supportapp.components.texts import body, quiet
from supportapp.hooks import Action, Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import STEP
from supportapp.views.calendar_list import session_row
from supportapp.views.planning_parts import STATE_MARKS, STOPPED, fact_rows
from supportapp.views.workshop_add import SessionAdder
from supportapp.views.workshop_again import PlanAgain
from supportapp.views.workshop_announce import Announce
from supportapp.views.workshop_completion import CompletionPapers
from supportapp.views.workshop_draws import WorkshopDraws
from supportapp.views.workshop_edit import WorkshopEditor
from supportapp.views.workshop_facts import workshop_facts
from supportapp.views.workshop_intake import IntakeTimesEditor

_OPENED = frozenset({ProgrammeState.ANNOUNCED, ProgrammeState.OPEN})
_OVER = frozenset({ProgrammeState.HELD, ProgrammeState.REPORTED})
_EDITORS: Final[Mapping[str, Callable[..., ft.Control]]] = {
    "edit": WorkshopEditor,
    "intake": IntakeTimesEditor,
    "add": SessionAdder,
    "again": PlanAgain,
    "completion": CompletionPapers,
    "announce": Announce,
}


@ft.component
def WorkshopScreen() -> ft.Control:
    """One workshop."""
    office = use_office()
    workshop_id = UUID(ft.use_route_params()["workshop_id"])
    screen = use_screen()
    say = office.words
    topics = (municipality_topic(office.actor.municipality_code),)
    found = use_query(workshop_page, topics, workshop_id=workshop_id)
    panel, set_panel = ft.use_state("")
    done, set_done = ft.use_state("")
    act = use_action()

    def close(sentence: str = "") -> None:
        set_panel("")
        set_done(sentence)
        act.clear()

    async def publish(_event: object) -> None:
        version = found.value.version if found.value else 0
        receipt = await act(
            publish_workshop, workshop_id=workshop_id, version=version, now=office.now(), by=office.actor.name
        )
        if receipt is not None:
            close(say("workshop.published_done"))

    if found.error:
        again = quiet_button(say("workshop.again"), lambda _event: found.refresh(), key="workshop-again")
        back = quiet_button(
            say("session.to_calendar"), lambda _event: office.go("/calendar"), key="workshop-to-calendar"
        )
        return screen_column([error_banner(found.error, ft.Row([back, again], wrap=True, spacing=STEP))])
    if found.value is None:
        return screen_column([skeleton(say("workshop.loading"), rows=4, row_height=96)])
    page = found.value
    locked = is_read_only(read_only=page.read_only, year=page.fiscal_year, today=office.today)
    stage = _stage(page, office.now())
    state = state_chip(STATE_MARKS[stage], say(f"session.state.{stage.value}"))
    kind = quiet(say(f"workshop.kind.{page.kind.value}"))
    sessions = (
        data_list([session_row(office, screen, chip, with_day=True, titled=False) for chip in page.sessions])
        if page.sessions
        else body(say("workshop.no_sessions"))
    )
    steps = (
        _panel(office, page, panel, act, close)
        if panel
        else _steps(office, page, set_panel, publish, locked=locked, busy=act.busy)
    )
    facts = card([fact_rows(workshop_facts(office, page))], title=say("workshop.facts"), key="workshop-facts")
    return screen_column(
        [
            title_row(page.title, [state], under=kind),
            *_done(office, done, close),
            *([error_banner(act.error)] if act.error and not panel else []),
            *_notes(office, page, locked=locked),
            steps,
            WorkshopDraws(page.workshop_id),
            two_pane(
                screen, card([sessions], title=say("workshop.sessions"), key="workshop-sessions"), facts, shares=(3, 2)
            ),
        ]
    )


def _done(office: Office, sentence: str, close: Callable[[str], None]) -> list[ft.Control]:
    if not sentence:
        return []
    words = office.words("session.close")
    return [DoneBanner(sentence, banner_key="workshop-done", on_close=lambda: close(""), close_words=words, stays=True)]


def _stage(page: WorkshopPage, now: datetime) -> ProgrammeState:
    """Where the workshop stands for people: held once all its sessions are over, else where its next session stands."""
    if page.state in STOPPED | {ProgrammeState.DRAFT} or not page.sessions:
        return page.state
    stages = [chip.stage(now) for chip in page.sessions if chip.state not in STOPPED]
    return next((stage for stage in stages if stage not in _OVER), ProgrammeState.HELD)


def _notes(office: Office, page: WorkshopPage, *, locked: bool) -> list[ft.Control]:
    say = office.words
    notes: list[ft.Control] = []
    if page.stop_reason:
        notes.append(warning_banner(say("session.stop_reason", reason=page.stop_reason)))
    if locked:
        notes.append(quiet(say("workshop.read_only")))
    if page.missing:
        parts = "、".join(say(f"workshop.lacks.{part}") for part in page.missing)
        notes.append(warning_banner(say("workshop.missing", parts=parts)))
    return notes


def _steps(
    office: Office,
    page: WorkshopPage,
    open_panel: Callable[[str], None],
    publish: Tap,
    *,
    locked: bool,
    busy: bool,
) -> ft.Control:
    """What can be done in the present state; a past workshop can only be planned again."""
    say = office.words

    def opens(panel: str) -> Tap:
        return lambda _event: open_panel(panel)

    again = primary_button if locked else secondary_button
    buttons: list[ft.Control] = []
    if page.state is ProgrammeState.DRAFT and not locked:
        buttons.append(primary_button(say("workshop.publish"), publish, key="workshop-publish", busy=busy))
    if page.sessions and page.state not in STOPPED and not locked:
        buttons.append(secondary_button(say("announce.title"), opens("announce"), key="workshop-announce"))
    buttons.append(again(say("workshop.again_plan"), opens("again"), key="workshop-plan-again"))
    if _stage(page, office.now()) in _OVER:
        buttons.append(
            secondary_button(say("paper.session.completions_title"), opens("completion"), key="workshop-completion")
        )
    stages = {chip.stage(office.now()) for chip in page.sessions}
    if not locked and page.state not in STOPPED:
        buttons.append(secondary_button(say("workshop.edit"), opens("edit"), key="workshop-edit"))
        buttons.append(secondary_button(say("workshop.add_session"), opens("add"), key="workshop-add"))
        if page.method is not IntakeMethod.NO_BOOKING and (not stages or stages - _OVER - STOPPED):
            buttons.append(secondary_button(say("workshop.intake_times"), opens("intake"), key="workshop-intake"))
        if page.state in _OPENED and not stages & _OVER:
            buttons.append(secondary_button(say("workshop.withdraw"), opens("withdraw"), key="workshop-withdraw"))
        if not stages or stages - _OVER - STOPPED:
            buttons.append(danger_button(say("workshop.cancel"), opens("cancel"), key="workshop-cancel"))
    return ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP)


def _panel(office: Office, page: WorkshopPage, panel: str, act: Action, close: Callable[[str], None]) -> ft.Control:
    """What asks before it does."""
    say = office.words
    if panel in _EDITORS:
        return _EDITORS[panel](page, on_close=close)
    cancels = panel == "cancel"
    now = office.now()
    coming = [chip for chip in page.sessions if chip.state not in STOPPED and (not chip.ends_at or chip.ends_at > now)]

    async def confirm(reason: str) -> None:
        use_case: Callable[..., WorkshopReceipt] = cancel_workshop if cancels else withdraw_workshop
        receipt: Any = await act(
            use_case,
            workshop_id=page.workshop_id,
            version=page.version,
            reason=reason,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            close(say("workshop.cancelled_done" if cancels else "workshop.withdrawn_done"))

    question = say("workshop.ask_cancel", count=len(coming)) if cancels else say("workshop.ask_withdraw")
    return ConfirmPanel(
        question,
        panel_key=f"workshop-{panel}",
        confirm_words=say("workshop.cancel" if cancels else "workshop.withdraw"),
        keep_words=say("workshop.keep"),
        on_confirm=confirm,
        on_keep=lambda *_event: close(""),
        reason_words=say("workshop.reason"),
        error=act.error,
        busy=act.busy,
    )
