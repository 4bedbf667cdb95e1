"""The plan that somebody is typing, kept as a draft at each pause: a reload or a restarted server loses nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import flet as ft

from events.planning.unfinished import UnfinishedPlan, drop_plan, keep_plan, unfinished_plan
from supportapp.hooks import Action, use_action, use_office, use_query
from supportapp.pauses import use_pause
from supportapp.views.flet_types import none_yet
from supportapp.views.workshop_draft import Plan, first_plan, kept_plan, plan_content

_SAVE_AFTER = 0.6  # seconds without a key


@dataclass(slots=True)
class _Memory:
    """What must be current in the middle of an await: the newest plan, and what the database has of it."""

    plan: Plan
    kept: Plan
    draft: UnfinishedPlan | None = None
    adopted: bool = False
    left: bool = False
    saving: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class PlanDesk:
    """The plan in hand.

    ``saved``: what is typed is in the database. ``taken_up_at``: it was left then (aware UTC) and taken up again.
    """

    plan: Plan
    ready: bool
    saved: bool
    is_begun: bool
    taken_up_at: datetime | None
    keeping: Action
    change: Callable[..., None]
    save: Callable[[], Awaitable[UUID | None]]
    begin_anew: Callable[[], Awaitable[None]]
    leave: Callable[[], None]


def use_plan_desk() -> PlanDesk:
    """The plan of whoever is signed in, taken up where they left it."""
    office = use_office()
    plan, set_plan = ft.use_state(first_plan(office))
    ready, set_ready = ft.use_state(False)
    taken_up_at, set_taken_up_at = ft.use_state(none_yet(datetime))
    keeping = use_action()
    memory = _use_memory(plan)
    whose: dict[str, Any] = {"municipality_code": office.actor.municipality_code, "account_id": office.account_id}
    kept = use_query(unfinished_plan, (), **whose)
    settled = use_pause(plan, _SAVE_AFTER)

    def show(new: Plan) -> None:
        memory.plan = new
        set_plan(new)

    def change(**values: Any) -> None:
        show(replace(memory.plan, **values))

    def adopt() -> None:
        """Take up what was half typed, once; another day or room tapped in the calendar is laid over it."""
        if kept.loading:
            return
        if memory.adopted:
            if memory.plan.asked != first_plan(office).asked:
                show(kept_plan(office, plan_content(memory.plan)))
            return
        memory.adopted = True
        if kept.value is not None:
            memory.draft = kept.value
            set_taken_up_at(kept.value.changed_at)
            show(kept_plan(office, kept.value.content))
            memory.kept = memory.plan
        set_ready(True)

    async def save() -> UUID | None:
        """Keep what is typed; the draft's id, or None when it was refused."""
        async with memory.saving:
            while memory.draft is None or memory.plan != memory.kept:
                wanted = memory.plan
                draft = await keeping(
                    keep_plan,
                    **whose,
                    content=plan_content(wanted),
                    version=memory.draft.version if memory.draft else 0,
                    now=office.now(),
                )
                if draft is None:
                    return None
                memory.draft, memory.kept = draft, wanted
        return memory.draft.draft_id

    def keep() -> None:
        if memory.adopted and not memory.left and memory.plan != memory.kept:
            office.page.run_task(save)

    async def begin_anew() -> None:
        async with memory.saving:
            if memory.draft is not None:
                await keeping(drop_plan, draft_id=memory.draft.draft_id, now=office.now())
            memory.draft = None
            show(first_plan(office))
            memory.kept = memory.plan
        set_taken_up_at(None)

    def leave() -> None:
        memory.left = True

    ft.use_effect(adopt, [kept.loading, office.page.route])
    ft.use_effect(keep, [settled])
    return PlanDesk(
        plan=plan,
        ready=ready,
        saved=plan == memory.kept,
        is_begun=memory.draft is not None or plan != memory.kept,
        taken_up_at=taken_up_at,
        keeping=keeping,
        change=change,
        save=save,
        begin_anew=begin_anew,
        leave=leave,
    )


def _use_memory(plan: Plan) -> _Memory:
    remembered: Any = ft.use_ref(lambda: _Memory(plan, plan))
    memory: _Memory = remembered.current
    return memory
