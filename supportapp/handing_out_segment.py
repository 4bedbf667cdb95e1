"""The list of people to tell of a workshop, as Excel with the text for them; written down before it leaves.

Called from a thread, never on the event loop.
"""

from collections.abc import Collection
from uuid import UUID

from events.announcing import announced
from events.japan.clock import tokyo_date
from events.segments import SegmentLine, segment
from events.states import ContactKind, PhoneKind
from supportapp.announcement_words import line_text
from supportapp.backend import Backend
from supportapp.file_words import age_in_words
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import HandedOut
from supportapp.handing_out_papers import apply_address
from supportapp.identity import Actor
from supportapp.messages import Words, words

_COLUMNS = {
    "氏名": 18,
    "カナ": 20,
    "年代": 12,
    "町名": 16,
    "スマホ": 14,
    "希望連絡方法": 14,
    "電話": 18,
    "メール": 28,
    "郵便番号": 12,
    "住所": 36,
}
_TELEPHONES = frozenset({"電話", "郵便番号"})


def hand_out_segment(
    backend: Backend,
    actor: Actor,
    *,
    workshop_id: UUID,
    age_bands: Collection[str] = (),
    towns: Collection[str] = (),
    phone_kinds: Collection[PhoneKind] = (),
    public_address: str = "",
    language: str = "ja",
) -> HandedOut:
    """Sheet 案内先: who agreed to be told; sheet 文面: the text that goes with it. Raises NotFound, NotAllowed."""
    from exports.workbook import Column, Kind, PrintSetup, Sheet, write_workbook  # noqa: PLC0415 -- heavy

    say = words(language)
    found = backend.read_now(actor, announced, workshop_id=workshop_id)
    now = backend.clock()
    code = found.office.municipality_code
    lines = backend.read_now(
        actor,
        segment,
        municipality_code=code,
        today=tokyo_date(now),
        age_bands=tuple(age_bands),
        towns=tuple(towns),
        phone_kinds=tuple(phone_kinds),
    )
    address = apply_address(found, public_address)
    text = line_text(found, say, language, address=address, edition=found.workshop.edition)
    title = say("announce.segment.file_title", title=found.workshop.title)
    setup = PrintSetup(title=title, note=say("export.report.note"), landscape=True)
    columns = tuple(
        Column(header, Kind.TELEPHONE if header in _TELEPHONES else Kind.TEXT, width)
        for header, width in _COLUMNS.items()
    )
    sheets = [
        Sheet("案内先", columns, [_cells(line, say) for line in lines], setup),
        Sheet("文面", (Column("文面", width=80),), [[text]], setup),
    ]
    file = write_workbook(f"{title}.xlsx", sheets, made_at=now, author=actor.name, title=title)
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=code,
        kind=LeavingKind.SEGMENT,
        content=file.content,
        lines=len(lines),
        now=now,
        by=actor.name,
    )
    return HandedOut(file, left.kind, left.lines, left.left_at)


def _cells(line: SegmentLine, say: Words) -> list[str]:
    notice = say(f"person.contact.{line.notice_by}") if line.notice_by in set(ContactKind) else ""
    return [
        line.name,
        line.kana,
        age_in_words(say, line.age_band),
        line.town,
        say(f"person.phone.{line.phone_kind.value}"),
        notice,
        line.telephone,
        line.email,
        line.postal_code,
        line.address,
    ]
