"""Two records of one person beside each other: what differs, which application stands, and the button."""

from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

import flet as ft

from events.attendee_facts import AttendeeFacts
from events.attendee_merge import Clash, MergePreview, MergeSide, merge_attendees, merge_preview
from supportapp.booking_words import age_words
from supportapp.components.buttons import primary_button, quiet_button
from supportapp.components.fields import TextInput, check_row, choice_row
from supportapp.components.layout import card, two_pane
from supportapp.components.screen import use_screen
from supportapp.components.states import error_banner, skeleton
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Office, use_action, use_office, use_query
from supportapp.theme import GAP, STEP

_WITHHELD: Final = frozenset({"postal_code", "town", "address"})  # of a person whose address is 秘匿


@ft.component
def MergeSides(
    attendee_id: UUID, other_id: UUID, *, on_done: Callable[[str], None], on_other: Callable[[], None]
) -> ft.Control:
    """The record that stays at the left, the one that is closed at the right."""
    office, screen = use_office(), use_screen()
    say = office.words
    found = use_query(merge_preview, (), attendee_id=attendee_id, other_attendee_id=other_id)
    nothing: tuple[str, ...] = ()
    take, set_take = ft.use_state(nothing)
    standing, set_standing = ft.use_state(dict[str, str]())
    reason = ft.use_ref("")
    act = use_action()

    def takes(name: str, value: bool) -> None:
        set_take(lambda before: tuple(each for each in before if each != name) + ((name,) if value else ()))

    def stands(clash: Clash, chosen: str) -> None:
        set_standing(lambda before: {**before, _key(clash): chosen})

    def note(text: str) -> None:
        reason.current = text

    async def merge(_event: object) -> None:
        receipt = await act(
            merge_attendees,
            attendee_id=attendee_id,
            other_attendee_id=other_id,
            take=take,
            standing_registration_ids=tuple(UUID(each) for each in standing.values()),
            reason=reason.current or "",
            now=office.now(),
            by=office.actor.name,
        )
        if receipt is not None:
            on_done(say("merge.done", moved=receipt.moved, registrations=receipt.registrations))

    other = quiet_button(say("merge.other"), lambda _event: on_other(), key="merge-other")
    if found.error:
        return error_banner(found.error, other)
    if found.value is None:
        return skeleton(say("merge.loading"), rows=4)
    page = found.value
    left = card(_side(office, page, page.kept), title=say("merge.kept"), key="merge-kept")
    right_parts = _side(office, page, page.gone)
    right_parts += [
        check_row(
            f"{say(f'merge.fact.{name}')}：{say('merge.take')}",
            field_key=f"merge-take-{name}",
            value=name in take,
            on_change=partial(takes, name),
        )
        for name in page.differs
        if _shown(office, page.gone.facts, name)
    ]
    right = card(right_parts, title=say("merge.gone"), key="merge-gone")
    clashes = [_clash(office, clash, standing.get(_key(clash)), partial(stands, clash)) for clash in page.clashes]
    return ft.Column(
        [
            two_pane(screen, left, right),
            *([card(clashes, title=say("merge.clash_title"))] if clashes else []),
            TextInput(say("merge.reason"), field_key="merge-reason", on_change=note),
            quiet(say("merge.merge_help")),
            *([error_banner(act.error)] if act.error else []),
            ft.Row(
                [primary_button(say("merge.merge"), merge, key="merge-merge", busy=act.busy), other],
                wrap=True,
                spacing=STEP,
                run_spacing=STEP,
            ),
        ],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _key(clash: Clash) -> str:
    return f"{clash.kept_registration_id}/{clash.gone_registration_id}"


def _side(office: Office, page: MergePreview, side: MergeSide) -> list[ft.Control]:
    say = office.words
    used = side.last_used_on
    day = day_words(say, office.language, used, office.today) if used else say("merge.never")
    parts: list[ft.Control] = [
        row_title(side.facts.name),
        quiet(side.facts.kana or say("person.no_kana")),
        quiet(say("merge.counts", registrations=side.registrations, visits=side.visits, day=day)),
        *(body(f"{say(f'person.contact.{each.kind.value}')} {each.value}") for each in side.facts.contacts),
    ]
    lines = [(name, _shown(office, side.facts, name)) for name in page.differs]
    parts += [body(f"{say(f'merge.fact.{name}')}：{value}") for name, value in lines if value]
    return parts if page.differs else [*parts, quiet(say("merge.same"))]


def _shown(office: Office, facts: AttendeeFacts, name: str) -> str:
    """One fact in words; "" when it is not known."""
    say = office.words
    value = getattr(facts, name)
    if not value or (facts.confidential and name in _WITHHELD):
        return ""
    if name == "age_band":
        return age_words(say, value)
    if name == "birth_date":
        return day_words(say, office.language, value, office.today)
    if name == "phone_kind":
        return say(f"person.phone.{value.value}")
    if name == "needs":
        return "・".join(say(f"person.need.{each}") for each in value)
    part = {"residence": "residence", "notice_by": "contact"}.get(name)
    return say(f"person.{part}.{value}") if part else str(value)


def _clash(office: Office, clash: Clash, chosen: str | None, on_change: Callable[[str], None]) -> ft.Control:
    say = office.words

    def words(number: int, state: str) -> str:
        return say("merge.clash_number", number=number, state=say(f"person.state.{state}"))

    return choice_row(
        say("merge.clash", title=clash.title),
        [
            (str(clash.kept_registration_id), words(clash.kept_number, clash.kept_state.value)),
            (str(clash.gone_registration_id), words(clash.gone_number, clash.gone_state.value)),
        ],
        field_key=f"merge-clash-{clash.kept_number}-{clash.gone_number}",
        value=chosen,
        on_change=on_change,
    )
