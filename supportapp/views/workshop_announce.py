"""案内を作る: flyer, poster and form as PDF; the texts for the bulletin and for LINE, counted and copied."""

from collections.abc import Callable
from typing import Any

import flet as ft

from events.announcing import announced
from events.programme_workshop import WorkshopPage
from events.states import ProgrammeState
from supportapp.announcement_words import BULLETIN_LONGEST, LINE_LONGEST, bulletin_text, line_text
from supportapp.components.buttons import primary_button, quiet_button, secondary_button
from supportapp.components.done import DoneBanner
from supportapp.components.fields import TextInput
from supportapp.components.handlers import calls_with
from supportapp.components.layout import card
from supportapp.components.states import error_banner, skeleton, warning_banner
from supportapp.components.texts import body, quiet
from supportapp.files_left import LeavingKind
from supportapp.handing_out_papers import ANNOUNCEMENTS, apply_address, hand_out_announcement
from supportapp.hooks import use_office, use_query
from supportapp.live import municipality_topic
from supportapp.theme import GAP, STEP
from supportapp.views.flet_types import keyed
from supportapp.views.handing_over import use_hand_over
from supportapp.views.workshop_segment import SegmentPart


@ft.component
def Announce(page: WorkshopPage, *, on_close: Callable[[str], Any]) -> ft.Control:
    """What can be handed out about a workshop."""
    office = use_office()
    say = office.words
    hand = use_hand_over()
    topics = (municipality_topic(office.actor.municipality_code),)
    found = use_query(announced, topics, workshop_id=page.workshop_id)

    async def take(kind: LeavingKind) -> None:
        await hand(
            lambda: hand_out_announcement(
                office.backend,
                office.actor,
                workshop_id=page.workshop_id,
                kind=kind,
                public_address=office.settings.public_address,
                language=office.language,
            )
        )
        found.refresh()

    if found.error:
        return card([error_banner(found.error)], title=say("announce.title"))
    if found.value is None:
        return card([skeleton(say("announce.loading"), rows=3)], title=say("announce.title"))
    address = apply_address(found.value, office.settings.public_address)
    edition = found.value.workshop.edition
    parts: list[ft.Control] = [body(say("announce.lead")), quiet(say("announce.edition_now", edition=edition))]
    if page.state is ProgrammeState.DRAFT:
        parts.append(warning_banner(say("announce.not_public")))
    if not address:
        parts.append(warning_banner(say("announce.no_address")))
    if hand.error:
        parts.append(error_banner(hand.error))
    if hand.done:
        parts.append(DoneBanner(hand.done, banner_key="announced", on_close=hand.clear, stays=True))
    papers = [
        (primary_button if kind is LeavingKind.FLYER else secondary_button)(
            say(f"announce.take_{kind.value}"), calls_with(take, kind), key=f"announce-{kind.value}", busy=hand.busy
        )
        for kind in ANNOUNCEMENTS
    ]
    bulletin = bulletin_text(found.value, say)
    for_line = line_text(found.value, say, office.language, address=address, edition=edition)
    parts += [
        ft.Row(papers, wrap=True, spacing=STEP, run_spacing=STEP),
        keyed(TextToCopy, f"bulletin-{bulletin}", "bulletin", bulletin, BULLETIN_LONGEST),
        keyed(TextToCopy, f"line-{for_line}", "line", for_line, LINE_LONGEST),
        SegmentPart(page.workshop_id, hand),
        ft.Row([quiet_button(say("announce.close"), lambda _event: on_close(""), key="announce-close")]),
    ]
    return card(parts, title=say("announce.title"), key="announce-part")


@ft.component
def TextToCopy(name: str, proposed: str, longest: int) -> ft.Control:
    """A text to correct by hand, with its length, and a button that copies it as it stands."""
    office = use_office()
    say = office.words
    text, set_text = ft.use_state(proposed)
    copied, set_copied = ft.use_state(False)
    clipboard = ft.use_memo(ft.Clipboard, [])

    def change(value: str) -> None:
        set_text(value)
        set_copied(False)

    async def copy() -> None:
        await clipboard.set(text)
        set_copied(True)

    count = say("announce.length", count=len(text))
    if len(text) > longest:
        count = say("announce.too_long", count=len(text), over=len(text) - longest)
    return ft.Column(
        [
            TextInput(
                say(f"announce.{name}", longest=longest),
                field_key=f"announce-{name}-text",
                value=proposed,
                lines=2 if longest <= BULLETIN_LONGEST else 8,
                on_change=change,
            ),
            ft.Row(
                [
                    secondary_button(
                        say("announce.copied" if copied else "announce.copy"),
                        calls_with(copy),
                        key=f"announce-{name}-copy",
                        icon=ft.Icons.CHECK if copied else ft.Icons.COPY,
                    ),
                    ft.Semantics(live_region=True, content=quiet(count)),
                ],
                wrap=True,
                spacing=GAP,
            ),
        ],
        spacing=STEP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
