"""The record of a draw as a file: without names, and written down all the same when it leaves."""

import json
from typing import Any
from uuid import UUID

from events.draw.page import draw_record
from supportapp.backend import Backend
from supportapp.files_left import LeavingKind, record_file_left
from supportapp.handing_out import HandedOut
from supportapp.identity import Actor
from supportapp.messages import words


def hand_out_draw_record(
    backend: Backend, actor: Actor, *, intake_id: UUID, title: str, language: str = "ja"
) -> HandedOut:
    """The record of the draw of an intake (JSON); logged. Raises NotFound, NotAllowed."""
    from exports.files import ExportFile  # noqa: PLC0415 -- leaf

    record: Any = backend.read_now(actor, draw_record, intake_id=intake_id)
    now = backend.clock()
    name = words(language)("draw.record_file", title=title, day=str(record["held_at"])[:10])
    content = (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
    file = ExportFile(name, "application/json", content)
    left = backend.run_now(
        actor,
        record_file_left,
        municipality_code=actor.municipality_code,
        kind=LeavingKind.DRAW_RECORD,
        content=content,
        lines=len(record["result"]),
        now=now,
        by=actor.name,
    )
    return HandedOut(file, left.kind, left.lines, left.left_at)
