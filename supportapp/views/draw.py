"""抽選 of one intake: who takes part and who is set apart, the one button, and what came of it."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from events.draw.page import DrawPage, draw_page
from events.japan.clock import tokyo_date
from events.notices.results import begin_telling
from events.states import RegistrationState
from supportapp.components.buttons import danger_button, primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.layout import card, screen_column, title_row
from supportapp.components.states import ConfirmPanel, empty_state, error_banner, skeleton, state_chip, warning_banner
from supportapp.components.texts import body, quiet
from supportapp.days import day_words
from supportapp.handing_out_draw import hand_out_draw_record
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import STEP
from supportapp.views.draw_hold import DrawPanel
from supportapp.views.draw_lists import ApplicantList, result_lists
from supportapp.views.draw_rules import DrawRulesCard
from supportapp.views.handing_over import use_hand_over
from supportapp.wording import refusal

_COUNTED = (RegistrationState.CONFIRMED, RegistrationState.OFFERED)


@ft.component
def DrawScreen() -> ft.Control:
    """One draw."""
    office = use_office()
    intake_id = UUID(ft.use_route_params()["intake_id"])
    say = office.words
    done, set_done = ft.use_state("")
    topics = (municipality_topic(office.actor.municipality_code),)
    minute = office.now().replace(second=0, microsecond=0)
    found = use_query(draw_page, topics, intake_id=intake_id, now=minute)
    if found.error:
        again = quiet_button(say("draw.again"), lambda _event: found.refresh(), key="draw-again")
        return screen_column([error_banner(found.error, again)])
    if found.value is None:
        return screen_column([skeleton(say("draw.loading"), rows=4, row_height=96)])
    page = found.value
    back = quiet_button(
        say("draw.to_workshop"), lambda _event: office.go(f"/workshops/{page.workshop_id}"), key="draw-to-workshop"
    )
    parts: list[ft.Control] = [
        title_row(f"{say('draw.title')}  {page.title}", [_chip(office, page), back], under=quiet(_days(office, page)))
    ]
    if done:
        parts.append(DoneBanner(done, banner_key="draw-done", on_close=lambda: set_done(""), stays=True))
    body_parts = _after(office, page, set_done) if page.drawn_at else _before(office, page, set_done)
    return screen_column([*parts, *body_parts])


def _chip(office: Office, page: DrawPage) -> ft.Control:
    if page.locked_at is not None:
        return state_chip("enough", office.words("draw.state_locked"))
    if page.drawn_at is not None:
        return state_chip("accent", office.words("draw.state_drawn"))
    return state_chip(*(("neutral", office.words("draw.state_open")) if page.is_open else _ready(office)))


def _ready(office: Office) -> tuple[str, str]:
    return "thin", office.words("draw.state_ready")


def _days(office: Office, page: DrawPage) -> str:
    return "・".join(
        day_words(office.words, office.language, each.held_on, office.today) for each in page.sessions
    )


def _before(office: Office, page: DrawPage, told: Callable[[str], None]) -> list[ft.Control]:
    say = office.words
    taking = sum(not each.because for each in page.applicants)
    closes = page.closes_at
    deadline = (
        day_words(say, office.language, tokyo_date(closes), office.today) if closes else say("draw.no_deadline")
    )
    counts = {"places": page.places, "applicants": len(page.applicants), "taking": taking}
    parts: list[ft.Control] = [
        body(say("draw.summary", apart=len(page.applicants) - taking, deadline=deadline, **counts))
    ]
    if page.refusal is not None:
        parts.append(error_banner(refusal(say, page.refusal)))
    elif taking:
        parts.append(DrawPanel(page, taking, on_done=told))
    parts.append(DrawRulesCard(page, on_done=told))
    if not page.applicants:
        return [*parts, card([empty_state(say("draw.empty"))])]
    apart = tuple(each for each in page.applicants if each.because)
    if apart:
        parts.append(ApplicantList("apart", apart, on_done=told))
    parts.append(ApplicantList("taking", tuple(each for each in page.applicants if not each.because), on_done=told))
    return parts


def _after(office: Office, page: DrawPage, told: Callable[[str], None]) -> list[ft.Control]:
    say = office.words
    states = [line.state for line in page.results]
    counts = {
        "day": day_words(say, office.language, tokyo_date(page.drawn_at), office.today) if page.drawn_at else "",
        "seats": sum(state in _COUNTED for state in states),
        "reserves": states.count(RegistrationState.WAITING),
        "lost": states.count(RegistrationState.LOST),
    }
    parts: list[ft.Control] = []
    if page.has_record:
        apart = states.count(RegistrationState.REFUSED)
        parts.append(body(say("draw.summary_drawn", by=page.drawn_by, attempts=page.attempts, apart=apart, **counts)))
        parts.append(quiet(say("draw.seed", seed=page.seed)))
    else:
        parts.append(body(say("draw.summary_without_record", **counts)))
    if page.reason:
        parts.append(quiet(say("draw.drawn_reason", reason=page.reason)))
    if page.locked_at is not None:
        day = day_words(say, office.language, tokyo_date(page.locked_at), office.today)
        parts.append(warning_banner(say("draw.locked", day=day)))
    parts.append(_AfterSteps(page, on_done=told))
    return [*parts, *result_lists(office, page.results)]


@ft.component
def _AfterSteps(page: DrawPage, *, on_done: Callable[[str], None]) -> ft.Control:
    """What can be done with a result: begin telling, take the record, draw again."""
    office = use_office()
    say = office.words
    asking, set_asking = ft.use_state("")
    act = use_action()
    hand_over = use_hand_over()

    async def lock(_reason: str) -> None:
        told = await act(begin_telling, intake_id=page.intake_id, now=office.now(), by=office.actor.name)
        if told is not None:
            set_asking("")
            on_done(say("draw.locked_done", count=told))

    async def hand(_event: object) -> None:
        await hand_over(
            lambda: hand_out_draw_record(
                office.backend, office.actor, intake_id=page.intake_id, title=page.title, language=office.language
            )
        )

    if asking == "lock":
        return ConfirmPanel(
            say("draw.ask_lock"),
            panel_key="draw-lock",
            confirm_words=say("draw.lock"),
            keep_words=say("draw.keep"),
            on_confirm=lock,
            on_keep=lambda *_event: set_asking(""),
            error=act.error,
            busy=act.busy,
        )
    if asking == "again":
        return DrawPanel(page, len(page.results), on_done=on_done, on_keep=lambda: set_asking(""))
    buttons: list[ft.Control] = []
    if page.locked_at is None:
        buttons.append(primary_button(say("draw.lock"), lambda _event: set_asking("lock"), key="draw-lock"))
    else:
        buttons.append(
            primary_button(say("draw.to_notices"), lambda _event: office.go("/notices"), key="draw-to-notices")
        )
    if page.has_record:
        buttons.append(secondary_button(say("draw.record"), hand, key="draw-record", busy=hand_over.busy))
    if page.refusal is None and page.has_record:
        buttons.append(danger_button(say("draw.hold_again"), lambda _event: set_asking("again"), key="draw-again"))
    said = [error_banner(hand_over.error)] if hand_over.error else [quiet(hand_over.done)] if hand_over.done else []
    return ft.Column([ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP), *said], spacing=STEP, tight=True)
