"""申込 of one session: who is offered a seat, has one, waits; and cancel, bring back, move, answer for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

import flet as ft

from events.japan.clock import tokyo_date, tokyo_time
from events.registration_changes import cancel_registration, restore_registration
from events.registration_offers import accept_offer, decline_offer, expire_offers
from events.registration_queries import PersonAtSession, session_people
from events.registration_receipts import OfferMade, RegistrationReceipt
from events.states import ACTIVE_REGISTRATIONS, RegistrationState
from supportapp.booking_words import day_words
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.handlers import calls_with
from supportapp.components.layout import data_list
from supportapp.components.states import ConfirmPanel, empty_state, error_banner, skeleton
from supportapp.components.texts import section_title
from supportapp.hooks import Action, Office, use_action, use_office, use_query
from supportapp.live import session_topic
from supportapp.theme import GAP, STEP
from supportapp.views.registration_move import MovePanel
from supportapp.views.registration_row import RowActs, registration_row

_GROUPS: Final = (
    (RegistrationState.OFFERED, "offered_title"),
    (RegistrationState.CONFIRMED, "confirmed_title"),
    (RegistrationState.WAITING, "waiting_title"),
    (RegistrationState.WAITING_DRAW, "draw_title"),
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What was done, and the application that an undo would bring back."""

    sentence: str = ""
    undo: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked under a row before it is done."""

    what: str = ""
    person: PersonAtSession | None = None


@ft.component
def RegistrationList(session_id: UUID) -> ft.Control:
    """Everybody who applied, in the order in which the office cares; live."""
    office = use_office()
    say = office.words
    found = use_query(session_people, (session_topic(session_id),), session_id=session_id)
    act = use_action()
    done, set_done = ft.use_state(_Said())
    asked, set_asked = ft.use_state(_Asked())
    ended_shown, set_ended_shown = ft.use_state(False)

    def ask(what: str, person: PersonAtSession) -> None:
        act.clear()
        set_asked(_Asked(what, person))

    def close() -> None:
        set_asked(_Asked())

    def finish(sentence: str, undo: UUID | None = None) -> None:
        close()
        set_done(_Said(sentence, undo))

    async def restore(registration_id: UUID) -> None:
        back = await act(
            restore_registration, registration_id=registration_id, now=office.now(), by=office.actor.name
        )
        if back is not None:
            state = say(f"person.state.{back.state.value}")
            finish(say("registration.done_restored", name=back.attendee_name, state=state))

    async def expire() -> None:
        over = await act(
            expire_offers,
            municipality_code=office.actor.municipality_code,
            now=office.now(),
            by=office.actor.name,
        )
        if over is not None:
            next_ones = next_words(office, over.offered)
            finish(f"{say('registration.done_expired', count=over.expired)}{next_ones}")

    if found.error:
        again = secondary_button(say("registration.again"), found.refresh, key="registrations-again")
        return error_banner(found.error, again)
    if found.value is None:
        return skeleton(say("registration.loading"), rows=5)
    people: Sequence[PersonAtSession] = found.value
    if not people:
        return empty_state(say("registration.empty"), None, ft.Icons.PEOPLE_OUTLINED)
    acts = RowActs(
        cancel=partial(ask, "cancel"),
        move=partial(ask, "move"),
        accept=partial(_answered, office, act, accept_offer, "done_accepted", finish),
        decline=partial(_answered, office, act, decline_offer, "done_declined", finish),
        restore=lambda person: restore(person.registration_id),
    )
    parts: list[ft.Control] = []
    if done.sentence:
        parts.append(
            DoneBanner(
                done.sentence,
                banner_key="registrations-done",
                on_close=lambda: set_done(_Said()),
                undo_words=say("registration.restore") if done.undo else None,
                on_undo=calls_with(restore, done.undo) if done.undo else None,
            )
        )
    if act.error and not asked.what:
        parts.append(error_banner(act.error))
    now = office.now()
    if any(person.reply_by is not None and person.reply_by < now for person in people):
        parts.append(ft.Row([secondary_button(say("registration.expire"), calls_with(expire), key="expire-offers")]))
    panel = AskPanel(session_id, act, asked.what, asked.person, finish, close) if asked.person else None

    def listed(rows: Sequence[PersonAtSession]) -> list[ft.Control]:
        shown: list[ft.Control] = []
        for person in rows:
            shown.append(registration_row(office, person, acts, now=now))
            if panel and asked.person and person.registration_id == asked.person.registration_id:
                shown.append(ft.Container(panel, padding=GAP))
        return shown

    for state, title in _GROUPS:
        if rows := [person for person in people if person.state is state]:
            parts += [section_title(say(f"registration.{title}", count=len(rows))), data_list(listed(rows))]
    ended = [person for person in people if person.state not in ACTIVE_REGISTRATIONS]
    if ended:
        words = say("registration.hide_ended" if ended_shown else "registration.show_ended")
        parts.append(
            ft.Row([quiet_button(words, lambda _event: set_ended_shown(not ended_shown), key="show-ended")])
        )
    if ended and ended_shown:
        parts += [section_title(say("registration.ended_title", count=len(ended))), data_list(listed(ended))]
    return ft.Column(parts, spacing=STEP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def AskPanel(
    session_id: UUID,
    act: Action,
    what: str,
    person: PersonAtSession,
    finish: Callable[..., None],
    close: Callable[[], None],
) -> ft.Control:
    """Under the row it is about: a reason before somebody loses a seat, or where to move them."""
    office = use_office()
    say = office.words

    async def cancel(reason: str) -> None:
        receipt = await act(
            cancel_registration,
            registration_id=person.registration_id,
            reason=reason,
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            sentence = say("registration.done_cancelled", name=person.name)
            finish(sentence + next_words(office, receipt.offered), receipt.registration_id)

    if what == "move":
        return MovePanel(session_id, person, act, finish, close)
    return ConfirmPanel(
        say("registration.cancel_question", name=person.name),
        panel_key="cancel",
        confirm_words=say("registration.cancel"),
        keep_words=say("registration.keep"),
        on_confirm=cancel,
        on_keep=calls_with(close),
        reason_words=say("registration.cancel_reason"),
        error=act.error,
        busy=act.busy,
    )


async def _answered(
    office: Office, act: Action, use_case: Any, done: str, finish: Callable[..., None], person: PersonAtSession
) -> None:
    receipt: RegistrationReceipt | None = await act(
        use_case, registration_id=person.registration_id, now=office.now(), by=office.actor.name
    )
    if receipt is not None:
        sentence = office.words(f"registration.{done}", name=person.name)
        is_free = receipt.state is RegistrationState.DECLINED
        finish(
            sentence + (next_words(office, receipt.offered) if is_free else ""),
            receipt.registration_id if is_free else None,
        )


def next_words(office: Office, offered: Sequence[OfferMade]) -> str:
    """Whom to call next, and by when they must answer."""
    say = office.words
    return "".join(
        say(
            "registration.next_offered",
            name=offer.name,
            day=day_words(say, tokyo_date(offer.reply_by), office.today),
            time=f"{tokyo_time(offer.reply_by):%H:%M}",
        )
        for offer in offered
    ) or say("registration.nobody_next")
