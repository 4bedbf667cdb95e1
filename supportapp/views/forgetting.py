"""保存期間: whose time is over, the purge, and one person who asks to be forgotten or must be kept."""

from uuid import UUID

import flet as ft

from events.forgetting import (
    DuePeople,
    forget_attendee,
    forget_due,
    hold_attendee,
    people_due,
    release_attendee,
    set_retention,
)
from events.japan.fiscal_year import label
from supportapp.components.buttons import danger_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.fields import NumberInput
from supportapp.components.layout import card
from supportapp.components.states import ConfirmPanel, error_banner, skeleton
from supportapp.components.texts import body, quiet, row_title
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, STEP

_UNREADABLE = -1  # refused by the use case, not taken for zero


@ft.component
def RetentionCard() -> ft.Control:
    """How many people's time is over, why some stay, and the purge behind a question."""
    office = use_office()
    act = use_action()
    asking, set_asking = ft.use_state(False)
    done, set_done = ft.use_state("")
    say, code = office.words, office.actor.municipality_code
    found = use_query(people_due, (municipality_topic(code),), municipality_code=code, today=office.today)

    async def purge(_reason: str) -> None:
        forgotten = await act(forget_due, municipality_code=code, today=office.today, now=office.now())
        set_asking(False)
        if forgotten is not None:
            set_done(say("forgetting.done", count=forgotten.people))

    parts: list[ft.Control] = [quiet(say("forgetting.lead"))]
    if done:
        parts.append(DoneBanner(done, banner_key="retention-done", on_close=lambda: set_done("")))
    if act.error or found.error:
        parts.append(error_banner(act.error or found.error or ""))
    if found.value is None:
        parts += [] if found.error else [skeleton(say("forgetting.loading"), rows=2)]
        return card(parts, title=say("forgetting.title"))
    parts += _counted(office, found.value)
    if asking:
        question = say("forgetting.sure", count=found.value.people)
        parts.append(
            ConfirmPanel(
                question,
                panel_key="retention",
                confirm_words=say("forgetting.confirm"),
                keep_words=say("forgetting.leave"),
                on_confirm=purge,
                on_keep=lambda _event: set_asking(False),
                busy=act.busy,
            )
        )
    elif found.value.people:
        words = say("forgetting.purge", count=found.value.people)
        parts.append(ft.Row([danger_button(words, lambda _event: set_asking(True), key="retention-purge")]))
    parts.append(Spans(found.value.retention.application_years, found.value.retention.loan_years))
    return card(parts, title=say("forgetting.title"))


def _counted(office: Office, due: DuePeople) -> list[ft.Control]:
    say = office.words
    if due.people:
        years = [say("forgetting.by_year", year=label(year), count=count) for year, count in due.by_year]
        lines = [row_title(say("forgetting.due", count=due.people)), body(say("forgetting.between").join(years))]
    else:
        lines = [row_title(say("forgetting.nobody"))]
    reasons = [
        say("forgetting.staying_one", reason=say(f"forgetting.because.{reason}"), count=count)
        for reason, count in due.staying
    ]
    if reasons:
        lines.append(body(say("forgetting.staying", reasons=say("forgetting.between").join(reasons))))
    return list(lines)


@ft.component
def Spans(application_years: int, loan_years: int) -> ft.Control:
    """The two spans, to be changed."""
    office = use_office()
    act = use_action()
    typed, set_typed = ft.use_state((application_years, loan_years))
    saved, set_saved = ft.use_state(False)
    say = office.words

    async def save(_event: ft.Event[ft.Control]) -> None:
        answer = await act(
            set_retention,
            municipality_code=office.actor.municipality_code,
            application_years=typed[0],
            loan_years=typed[1],
        )
        set_saved(answer is not None)

    fields = [
        NumberInput(
            say("forgetting.application_years"),
            field_key="retention-applications",
            value=typed[0] if typed[0] >= 0 else None,
            on_change=lambda years: set_typed(lambda now: (_UNREADABLE if years is None else years, now[1])),
        ),
        NumberInput(
            say("forgetting.loan_years"),
            field_key="retention-loans",
            value=typed[1] if typed[1] >= 0 else None,
            on_change=lambda years: set_typed(lambda now: (now[0], _UNREADABLE if years is None else years)),
        ),
        secondary_button(say("forgetting.save"), save, key="retention-save", busy=act.busy),
    ]
    row = ft.Row(
        list(fields), wrap=True, spacing=GAP, run_spacing=STEP, vertical_alignment=ft.CrossAxisAlignment.END
    )
    told: list[ft.Control] = [error_banner(act.error)] if act.error else []
    if saved and not act.error:
        told = [DoneBanner(say("forgetting.saved"), banner_key="spans-done", on_close=lambda: set_saved(False))]
    return ft.Column([row, *told], spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def PersonKeeping(attendee_id: UUID, held_because: str) -> ft.Control:
    """Forget this person on request, or keep them in any case; each with a reason."""
    office = use_office()
    act = use_action()
    asking, set_asking = ft.use_state("")
    say = office.words

    async def forget(reason: str) -> None:
        if await act(forget_attendee, attendee_id=attendee_id, reason=reason, now=office.now()) is not None:
            office.go("/people")

    async def hold(reason: str) -> None:
        await act(hold_attendee, attendee_id=attendee_id, reason=reason)
        set_asking("")

    async def release(_event: ft.Event[ft.Control]) -> None:
        await act(release_attendee, attendee_id=attendee_id)

    parts: list[ft.Control] = [quiet(say("forgetting.person_lead"))]
    if act.error and not asking:
        parts.append(error_banner(act.error))
    if asking:
        parts.append(
            ConfirmPanel(
                say("forgetting.sure_one") if asking == "forget" else say("forgetting.hold"),
                panel_key=f"person-{asking}",
                confirm_words=say("forgetting.confirm") if asking == "forget" else say("forgetting.hold"),
                keep_words=say("forgetting.leave"),
                on_confirm=forget if asking == "forget" else hold,
                on_keep=lambda _event: set_asking(""),
                reason_words=say("forgetting.reason"),
                error=act.error,
                busy=act.busy,
            )
        )
    elif held_because:
        parts.append(row_title(say("forgetting.held", reason=held_because)))
        parts.append(ft.Row([secondary_button(say("forgetting.release"), release, key="person-release")]))
    else:
        forget_words, hold_words = say("forgetting.forget_one"), say("forgetting.hold")
        buttons: list[ft.Control] = [
            danger_button(forget_words, lambda _event: set_asking("forget"), key="person-forget"),
            quiet_button(hold_words, lambda _event: set_asking("hold"), key="person-hold"),
        ]
        parts.append(ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP))
    return card(parts, title=say("forgetting.person_title"))
