"""The state of the telephone screen: one call in hand, others on hold, and what has been kept of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import flet as ft

from events.calls import (
    Call,
    book_call,
    close_call,
    drop_call,
    hold_call,
    open_calls,
    resume_call,
    save_call,
    start_call,
)
from events.registration_changes import cancel_registration
from events.registration_choices import BookableSession
from events.registration_queries import registration_receipt
from events.registration_receipts import RegistrationReceipt
from events.states import DraftState
from supportapp.call_form import CallForm, call_form
from supportapp.hooks import Action, use_action, use_office, use_query
from supportapp.pauses import use_pause

_SAVE_AFTER = 0.6  # seconds without a key

Handler = Callable[..., Awaitable[None]]


@dataclass(slots=True)
class _Memory:
    """What must be current in the middle of an await: the newest form, and what the database has of it."""

    form: CallForm = field(default_factory=CallForm)
    kept: CallForm = field(default_factory=CallForm)
    draft: Call | None = None
    adopted: bool = False
    leaving: bool = False
    saving: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class CallDesk:
    """Everything the parts of the telephone screen need. ``saved``: what is typed is in the database."""

    form: CallForm
    ready: bool
    saved: bool
    held: tuple[Call, ...]
    receipt: RegistrationReceipt | None
    undone: bool
    trouble: str | None
    keeping: Action
    booking: Action
    change: Callable[..., None]
    change_quietly: Callable[..., None]
    change_to: Callable[[UUID], None]
    begin_new_person: Callable[[], None]
    forget_person: Callable[[], None]
    finish_person: Callable[[], bool]
    choose: Callable[[BookableSession], None]
    reload: Callable[[], None]
    hold: Handler
    resume: Handler
    drop: Handler
    book: Handler
    next_call: Handler
    take_back: Handler


def _use_memory() -> _Memory:
    remembered: Any = ft.use_ref(_Memory)
    memory: _Memory = remembered.current
    return memory


def use_call_desk() -> CallDesk:
    """The call in hand, kept as a draft at each pause, and what can be done with it."""
    office = use_office()
    form, set_form = ft.use_state(CallForm())
    receipt, set_receipt = ft.use_state(None)
    ready, set_ready = ft.use_state(False)
    undone, set_undone = ft.use_state(False)
    memory = _use_memory()
    keeping, booking = use_action(), use_action()
    city, account = office.actor.municipality_code, office.account_id
    calls = use_query(open_calls, (), municipality_code=city, account_id=account)
    settled = use_pause(form, _SAVE_AFTER)

    def show(new: CallForm, *, draft: Call | None, kept: CallForm) -> None:
        memory.form, memory.draft, memory.kept = new, draft, kept
        set_form(new)

    def change(**values: Any) -> None:
        if booking.error:
            booking.clear()
        set_undone(False)
        memory.form = replace(memory.form, **values)
        set_form(memory.form)

    def change_quietly(**values: Any) -> None:
        """Change the form and leave the refusal in sight that asked for it."""
        memory.form = replace(memory.form, **values)
        set_form(memory.form)

    def change_to(attendee_id: UUID) -> None:
        change(person=str(attendee_id), is_new=False, person_done=False)

    def begin_new_person() -> None:
        new = memory.form.with_new_person()
        change(is_new=True, person_done=False, name=new.name, kana=new.kana, telephone=new.telephone)

    def forget_person() -> None:
        change(person="", is_new=False, person_done=False)

    def finish_person() -> bool:
        """The fields of a new person are done; False while one of them is empty."""
        if memory.form.is_complete:
            change(person_done=True)
        return memory.form.is_complete

    def choose(row: BookableSession) -> None:
        """Choose a session, or leave it again; with it a new person who is complete is done."""
        current = memory.form
        chosen = "" if current.chosen == row.key else row.key
        change(chosen=chosen, slot="", person_done=current.person_done or (current.is_new and current.is_complete))

    async def save() -> bool:
        async with memory.saving:
            while memory.form != memory.kept:
                wanted = memory.form
                if memory.draft is None:
                    call = await keeping(
                        start_call,
                        municipality_code=city,
                        account_id=account,
                        content=wanted.to_content(),
                        now=office.now(),
                    )
                else:
                    call = await keeping(
                        save_call,
                        draft_id=memory.draft.draft_id,
                        content=wanted.to_content(),
                        version=memory.draft.version,
                        now=office.now(),
                    )
                if call is None:
                    return False
                memory.draft, memory.kept = call, wanted
        return True

    def keep() -> None:
        if memory.adopted and memory.form != memory.kept and receipt is None:
            office.page.run_task(save)

    async def show_receipt(call: Call) -> None:
        memory.draft = call
        if call.registration_id is None:
            return
        found = await office.backend.read(office.actor, registration_receipt, registration_id=call.registration_id)
        set_receipt(lambda _before: found)

    def adopt() -> None:
        """Take up what this account was in the middle of, once."""
        if memory.adopted or calls.value is None:
            return
        memory.adopted = True
        in_hand = next((call for call in calls.value if call.state is DraftState.ACTIVE), None)
        booked = next((call for call in calls.value if call.registration_id is not None), None)
        if in_hand is not None and memory.form.is_empty:
            found = call_form(in_hand.content)
            show(found, draft=in_hand, kept=found)
        elif booked is not None:
            office.page.run_task(show_receipt, booked)
        set_ready(True)

    def reload() -> None:
        memory.adopted = False
        show(CallForm(), draft=None, kept=CallForm())
        keeping.clear()
        calls.refresh()

    def start_anew() -> None:
        show(CallForm(), draft=None, kept=CallForm())
        set_receipt(None)
        booking.clear()
        calls.refresh()

    async def hold() -> None:
        if await save() and memory.draft is not None:
            await keeping(hold_call, draft_id=memory.draft.draft_id, now=office.now())
            start_anew()

    async def resume(call: Call) -> None:
        if not await save():
            return
        taken = await keeping(resume_call, draft_id=call.draft_id, now=office.now())
        if taken is not None:
            found = call_form(taken.content)
            set_receipt(None)
            show(found, draft=taken, kept=found)
        calls.refresh()

    async def once(leave: Callable[[], Awaitable[None]]) -> None:
        """Leave a call once: a second press while it is being left must not clear the next one."""
        if memory.leaving:
            return
        memory.leaving = True
        try:
            await leave()
        finally:
            memory.leaving = False

    async def drop() -> None:
        async with memory.saving:
            if memory.draft is not None:
                await keeping(drop_call, draft_id=memory.draft.draft_id, now=office.now())
        start_anew()

    async def book(row: BookableSession, *, is_another_person: bool = False) -> None:
        if not await save() or memory.draft is None:
            return
        current = memory.form
        found = await booking(
            book_call,
            draft_id=memory.draft.draft_id,
            intake_id=row.intake_id,
            session_id=row.session_id,
            attendee_id=current.person_id,
            new_person=None if current.person_id else current.new_person(),
            is_another_person=is_another_person,
            slot_starts_at=current.slot_starts_at,
            companions=current.companions,
            wants_device=current.wants_device,
            note=current.note,
            reason=current.reason,
            now=office.now(),
            by=office.actor.name,
        )
        if found is not None:
            set_receipt(lambda _before: found)

    async def put_away() -> None:
        if memory.draft is not None:
            await keeping(close_call, draft_id=memory.draft.draft_id, now=office.now())

    async def next_call() -> None:
        await put_away()
        start_anew()

    async def take_back() -> None:
        if receipt is None:
            return
        ended = await keeping(
            cancel_registration,
            registration_id=receipt.registration_id,
            reason=office.words("telephone.undo_reason"),
            now=office.now(),
            by=office.actor.name,
        )
        if ended is None:
            return
        await put_away()
        again = replace(memory.form, person=str(ended.attendee_id), is_new=False, chosen="")
        set_receipt(None)
        show(again, draft=None, kept=CallForm())
        set_undone(True)

    ft.use_effect(adopt, [calls.value])
    ft.use_effect(keep, [settled])
    in_hand_id = memory.draft.draft_id if memory.draft else None
    held = tuple(
        call for call in calls.value or () if call.state is DraftState.HELD and call.draft_id != in_hand_id
    )
    return CallDesk(
        form=form,
        ready=ready,
        saved=form == memory.kept,
        held=held,
        receipt=receipt,
        undone=undone,
        trouble=calls.error,
        keeping=keeping,
        booking=booking,
        change=change,
        change_quietly=change_quietly,
        change_to=change_to,
        begin_new_person=begin_new_person,
        forget_person=forget_person,
        finish_person=finish_person,
        choose=choose,
        reload=reload,
        hold=lambda: once(hold),
        resume=resume,
        drop=lambda: once(drop),
        book=book,
        next_call=lambda: once(next_call),
        take_back=take_back,
    )
