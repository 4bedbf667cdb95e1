"""はがき受付: a pile of cards keyed in one after the other. What is the same from card to card stays; Enter is next."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import flet as ft

from events.errors import DomainError
from events.japan.eras import in_era
from events.japan.typed_dates import parse_date
from events.postcards import BY_POST, CardReceipt, card_rules, register_card
from events.registration_changes import cancel_registration
from events.registration_choices import BookableSession, bookable_sessions
from events.states import Channel, IntakeUnit
from supportapp.booking_words import day_words, span_words
from supportapp.components.fields import SelectInput, choice_row
from supportapp.components.layout import card, title_row, two_pane
from supportapp.components.moments import DateInput
from supportapp.components.screen import use_screen
from supportapp.components.states import empty_state, error_banner, skeleton, warning_banner
from supportapp.components.texts import quiet
from supportapp.hooks import Action, Office, use_action, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.postcard_form import Card, DoneCard, Pile
from supportapp.theme import GAP
from supportapp.views.postcards_card import CardDesk, CardPane
from supportapp.views.postcards_pile import PilePane

_MOST_ROWS = 200
_NOBODY = ""


@dataclass(frozen=True, slots=True)
class _Stays:
    """What is the same from card to card: the thing applied to, further choices, the way, the day."""

    chosen: str = ""
    second: str = ""
    third: str = ""
    channel: Channel = Channel.POSTCARD
    day: date | None = None


@dataclass(slots=True)
class _Memory:
    """What must be current when Enter comes right behind the last letter."""

    card: Card
    leaving: bool = False


@ft.component
def Postcards() -> ft.Control:
    """The whole screen."""
    office = use_office()
    say = office.words
    city = office.actor.municipality_code
    stays: tuple[_Stays, Any] = ft.use_state(_Stays(day=office.today))
    kept, set_kept = stays
    found = use_query(
        bookable_sessions,
        (municipality_topic(city),),
        municipality_code=city,
        now=office.now().replace(second=0, microsecond=0),
        limit=_MOST_ROWS,
    )
    rows = found.value or ()
    row = next((each for each in rows if each.key == kept.chosen), None)

    def keep(**values: Any) -> None:
        set_kept(lambda before: replace(before, **values))

    head = title_row(say("postcard.title"), under=quiet(say("postcard.lead")))
    if found.error:
        return ft.Column([head, error_banner(found.error)], spacing=GAP)
    if found.value is None:
        return ft.Column([head, skeleton(say("telephone.loading"), rows=3)], spacing=GAP)
    if not rows:
        return ft.Column([head, empty_state(say("telephone.nothing_bookable"))], spacing=GAP)
    parts: list[ft.Control] = [head, StaysPart(rows, row, kept, keep)]
    if row is not None and kept.day is not None:
        parts.append(CardsPart(row, kept))
    return ft.Column(parts, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def StaysPart(
    rows: tuple[BookableSession, ...], row: BookableSession | None, kept: _Stays, keep: Callable[..., None]
) -> ft.Control:
    """What is chosen once for the whole pile."""
    office = use_office()
    say = office.words
    what = SelectInput(
        say("postcard.what"),
        [(each.key, _row_words(office, each)) for each in rows],
        field_key="postcard-what",
        value=kept.chosen or None,
        on_change=lambda value: keep(chosen=value, second="", third=""),
    )
    way = choice_row(
        say("postcard.channel"),
        [(each.value, say(f"person.channel.{each.value}")) for each in BY_POST],
        field_key="postcard-channel",
        value=kept.channel.value,
        on_change=lambda value: keep(channel=Channel(value)),
    )
    further = row is not None and row.unit is IntakeUnit.CHOICE
    choices = _further_choices(office, rows, row, kept, keep) if row is not None and further else []
    cells: list[tuple[ft.Control, int]] = [
        (what, 5),
        (way, 4),
        *([(DayPart(row, kept, keep), 3)] if row is not None else []),
        *((each, 5) for each in choices),
    ]
    return card(
        [
            ft.ResponsiveRow(
                [ft.Container(control, col={"xs": 12, "md": wide}) for control, wide in cells],
                spacing=GAP,
                run_spacing=GAP,
            )
        ],
        key="postcard-stays",
    )


@ft.component
def DayPart(row: BookableSession, kept: _Stays, keep: Callable[..., None]) -> ft.Control:
    """The day that decides: the postmark's or that of arrival; says at once when it is too late."""
    office = use_office()
    say = office.words
    rules = use_query(card_rules, (), intake_id=row.intake_id, channel=kept.channel).value
    by_postmark = rules is not None and rules.by_postmark

    def read(text: str) -> date | None:
        try:
            return parse_date(text, today=office.today)
        except DomainError:
            return None

    parts: list[ft.Control] = [
        DateInput(
            say("postcard.postmark_day" if by_postmark else "postcard.arrival_day"),
            field_key="postcard-day",
            value=kept.day,
            on_change=lambda value: keep(day=value),
            read=read,
            show=in_era if office.language == "ja" else date.isoformat,
            pick_words=say("workshop.pick_day"),
            unreadable=say("workshop.day_unreadable"),
        )
    ]
    if rules is not None and not rules.offered:
        parts.append(warning_banner(say("postcard.not_offered")))
    if rules is not None and rules.last_day is not None:
        last = day_words(say, rules.last_day, office.today)
        rule = say("postcard.rule_postmark" if by_postmark else "postcard.rule_arrival", day=last)
        if kept.day is not None and kept.day > rules.last_day:
            late = say("postcard.late_draw" if rules.before_draw else "postcard.late")
            parts.append(warning_banner(f"{rule} {late}"))
        else:
            parts.append(quiet(rule))
    return ft.Column(parts, spacing=GAP / 2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def CardsPart(row: BookableSession, kept: _Stays) -> ft.Control:
    """The card in hand on the left, what was taken on the right."""
    office = use_office()
    screen = use_screen()
    pile_state: tuple[Pile, Any] = ft.use_state(Pile())
    pile, set_pile = pile_state
    shown, set_shown = ft.use_state(Card())
    remembered: Any = ft.use_ref(lambda: _Memory(Card()))
    memory: _Memory = remembered.current
    acting = use_action()

    def change(**values: Any) -> None:
        if acting.error:
            acting.clear()
        if pile.began_at is None:
            now = office.now()
            set_pile(lambda before: replace(before, began_at=before.began_at or now))
        memory.card = replace(memory.card, **values)
        set_shown(memory.card)

    async def next_card(*_event: object, is_another_person: bool = False) -> None:
        """Take the card in hand, once; the next one begins empty."""
        current = memory.card
        if memory.leaving or not current.is_complete:
            return
        memory.leaving = True
        try:
            taken = await _take(office, acting, row, kept, current, pile, is_another_person=is_another_person)
        finally:
            memory.leaving = False
        if taken is not None:
            done, now = _done(taken), office.now()
            memory.card = Card()
            set_shown(memory.card)
            set_pile(lambda before: replace(before, last_at=now, done=(done, *before.done)))

    async def this_person(attendee_id: UUID) -> None:
        memory.card = replace(memory.card, person=str(attendee_id))
        await next_card()

    async def take_back(done: DoneCard) -> None:
        receipt = await acting(
            cancel_registration,
            registration_id=done.registration_id,
            now=office.now(),
            by=office.actor.name,
            reason=office.words("postcard.undo_reason"),
        )
        if receipt is not None:
            set_pile(
                lambda before: replace(
                    before,
                    done=tuple(
                        replace(each, taken_back=each.taken_back or each.registration_id == done.registration_id)
                        for each in before.done
                    ),
                )
            )

    last = next((each for each in pile.done if not each.taken_back), None)
    desk = CardDesk(shown, len(pile.done) + 1, acting, last, change, next_card, this_person)
    return two_pane(screen, CardPane(desk), PilePane(pile, take_back), shares=(3, 2))


async def _take(
    office: Office,
    acting: Action,
    row: BookableSession,
    kept: _Stays,
    current: Card,
    pile: Pile,
    *,
    is_another_person: bool,
) -> CardReceipt | None:
    last = next((each for each in pile.done if not each.taken_back), None)
    day = kept.day or office.today
    shown = day_words(office.words, day, office.today)
    others = [UUID(key.partition("/")[2]) for key in (kept.second, kept.third) if key]
    return await acting(
        register_card,
        municipality_code=office.actor.municipality_code,
        intake_id=row.intake_id,
        session_id=row.session_id,
        other_session_ids=tuple(others),
        channel=kept.channel,
        day=day,
        in_time_reason=office.words("postcard.in_time", day=shown),
        attendee_id=current.person_id,
        new_person=None if current.person_id else current.facts(),
        is_another_person=is_another_person,
        pair_with_registration_id=last.registration_id if current.paired and last else None,
        reason=current.reason,
        now=office.now(),
        by=office.actor.name,
    )


def _done(taken: CardReceipt) -> DoneCard:
    receipt = taken.receipt
    return DoneCard(
        registration_id=receipt.registration_id,
        attendee_id=receipt.attendee_id,
        name=receipt.attendee_name,
        state=receipt.state.value,
        rank=receipt.rank,
        late=taken.late,
        paired=taken.paired,
    )


def _further_choices(
    office: Office,
    rows: tuple[BookableSession, ...],
    row: BookableSession,
    kept: _Stays,
    keep: Callable[..., None],
) -> list[ft.Control]:
    say = office.words
    others = [(each.key, _row_words(office, each)) for each in rows if each.intake_id == row.intake_id]
    none = (_NOBODY, say("postcard.no_choice"))

    def chooses(name: str) -> Callable[[str], None]:
        return lambda chosen: keep(**{name: chosen})

    return [
        SelectInput(
            say(f"postcard.{name}"),
            [none, *(each for each in others if each[0] != row.key)],
            field_key=f"postcard-{name}",
            value=value,
            on_change=chooses(name),
        )
        for name, value in (("second", kept.second), ("third", kept.third))
    ]


def _row_words(office: Office, row: BookableSession) -> str:
    first = row.sessions[0]
    when = span_words(first, day_words(office.words, first.held_on, office.today))
    return f"{when} {row.title}"
