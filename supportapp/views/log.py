"""記録: who did what, when and why, page by page; for organisers and administrators."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import flet as ft

from events.japan.clock import tokyo_date, tokyo_time
from supportapp.components.buttons import quiet_button, secondary_button
from supportapp.components.fields import SelectInput, TextInput
from supportapp.components.layout import card, data_list, data_row, screen_column, title_row
from supportapp.components.states import empty_state, error_banner, skeleton
from supportapp.components.texts import body, quiet, row_title
from supportapp.days import day_words
from supportapp.hooks import Answer, Office, use_office, use_query
from supportapp.live import municipality_topic
from supportapp.log_queries import KINDS, LogLine, LogPage, log_page
from supportapp.messages import catalogue
from supportapp.rights import BOOKING
from supportapp.theme import GAP, STEP
from supportapp.views.flet_types import keyed
from supportapp.views.planning_fields import day_field
from supportapp.views.undo_line import UndoLine

_EVERY: Final = "every"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the person looks for; ``before`` holds where each page began, the newest page first."""

    person: str = ""
    first: date | None = None
    last: date | None = None
    kind: str = _EVERY
    before: tuple[int, ...] = ()


@ft.component
def Log() -> ft.Control:
    """The log with its filters; newer and older pages."""
    office = use_office()
    nothing_asked = _Asked()
    asked, set_asked = ft.use_state(nothing_asked)
    say, code = office.words, office.actor.municipality_code
    topics = () if asked.before else (municipality_topic(code),)  # an older page does not move while it is read
    found = use_query(
        log_page,
        topics,
        municipality_code=code,
        person=asked.person,
        first=asked.first,
        last=asked.last,
        kind="" if asked.kind == _EVERY else asked.kind,
        before=asked.before[-1] if asked.before else None,
    )

    def ask(**changes: Any) -> None:
        set_asked(lambda now: replace(now, **{"before": (), **changes}))

    head = title_row(say("log.title"), under=quiet(say("log.lead")))
    return screen_column([head, _filters(office, asked, ask), *_page(office, found, asked, ask)])


def _filters(office: Office, asked: _Asked, ask: Any) -> ft.Control:
    say = office.words
    kinds = [(_EVERY, say("log.every_kind")), *((kind, say(f"log.kind.{kind}")) for kind in KINDS)]
    fields = [
        TextInput(
            say("log.person"), field_key="log-person", value=asked.person, on_change=lambda text: ask(person=text)
        ),
        SelectInput(
            say("log.kind_of"),
            kinds,
            field_key="log-kind",
            value=asked.kind,
            on_change=lambda kind: ask(kind=kind),
        ),
        day_field(office, say("log.first"), asked.first, lambda day: ask(first=day), key="log-first"),
        day_field(office, say("log.last"), asked.last, lambda day: ask(last=day), key="log-last"),
    ]
    return ft.ResponsiveRow(
        [ft.Container(field, col={"xs": 12, "md": 6}) for field in fields], spacing=GAP, run_spacing=GAP
    )


def _page(office: Office, found: Answer[LogPage], asked: _Asked, ask: Any) -> list[ft.Control]:
    say = office.words
    if found.error:
        again = secondary_button(say("log.again"), lambda _event: found.refresh(), key="log-again")
        return [error_banner(found.error, again)]
    if found.value is None:
        return [skeleton(say("log.loading"), rows=6, row_height=72)]
    if not found.value.lines:
        clear = secondary_button(
            say("log.clear"),
            lambda _event: ask(person="", first=None, last=None, kind=_EVERY),
            key="log-clear",
        )
        is_narrowed = asked != _Asked()
        sentence = say("log.none_fit" if is_narrowed else "log.none_yet")
        return [card([empty_state(sentence, clear if is_narrowed else None, icon=ft.Icons.HISTORY)])]
    return [
        data_list([_line(office, line) for line in found.value.lines]),
        _turn(office, found.value, asked, ask),
    ]


def _turn(office: Office, page: LogPage, asked: _Asked, ask: Any) -> ft.Control:
    say = office.words
    buttons: list[ft.Control] = []
    if asked.before:
        buttons.append(
            secondary_button(
                say("log.newer"),
                lambda _event: ask(before=asked.before[:-1]),
                key="log-newer",
                icon=ft.Icons.ARROW_BACK,
            )
        )
        buttons.append(quiet_button(say("log.newest"), lambda _event: ask(), key="log-newest"))
    if page.older is not None:
        buttons.append(
            secondary_button(
                say("log.older"),
                lambda _event: ask(before=(*asked.before, page.older)),
                key="log-older",
                icon=ft.Icons.ARROW_FORWARD,
            )
        )
    return ft.Row(buttons, wrap=True, spacing=STEP, run_spacing=STEP)


def _line(office: Office, line: LogLine) -> ft.Control:
    say = office.words
    day = day_words(say, office.language, tokyo_date(line.at), office.today)
    who = say("log.who", name=line.by, role=say(f"role.{line.role}"))
    parts: list[ft.Control] = [
        row_title(deed_words(office, line.deed)),
        body(f"{day} {tokyo_time(line.at):%H:%M}  {who}"),
    ]
    if line.reason:
        parts.append(body(say("log.reason", reason=line.reason)))
    touched = say("log.between").join(
        say("log.rows", table=_table_words(office, table), count=count) for table, count in line.rows
    )
    parts.append(quiet(say("log.touched", number=line.number, rows=touched)))
    said = deed_words(office, line.deed)
    if line.can_be_undone and office.actor.role not in BOOKING:
        line = replace(line, can_be_undone=False)  # the administrator reads, the office acts
    marks = {"can_be_undone": line.can_be_undone, "undone": line.undone}
    parts.append(keyed(UndoLine, f"undo-of-{line.number}", line.number, said, **marks))
    return data_row(
        [
            ft.Container(width=STEP),
            ft.Container(
                ft.Column(parts, spacing=0, tight=True), expand=True, padding=ft.Padding.symmetric(vertical=STEP)
            ),
        ],
        key=f"log-{line.number}",
    )


def deed_words(office: Office, deed: str) -> str:
    """A use case in words; one that has none yet is named as it is."""
    key = f"log.deed.{deed}"
    return office.words(key) if key in catalogue(office.language) else office.words("log.deed_other", deed=deed)


def _table_words(office: Office, table: str) -> str:
    key = f"log.table.{table}"
    return office.words(key) if key in catalogue(office.language) else office.words("log.table_other")
