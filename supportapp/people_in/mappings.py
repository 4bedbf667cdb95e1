"""Which column of a form holds what, kept by name and found again by the form's headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from events.errors import DomainError
from events.free_text import checked_text
from supportapp.importing_tables import KeptMapping

LONGEST_NAME = 100


class UnknownMapping(DomainError):
    """No mapping of that name is kept (``name``; ``known``: those that are)."""

    code = "unknown_mapping"


@dataclass(frozen=True, slots=True)
class MappingKept:
    """A mapping as it is kept. ``columns``: our field → header; ``fixed``: our field → one text for all rows."""

    name: str
    columns: Mapping[str, str]
    fixed: Mapping[str, str]


def keep_mapping(
    db: Session,
    *,
    municipality_code: str,
    kind: str,
    name: str,
    header_mark: str,
    columns: Mapping[str, str],
    fixed: Mapping[str, str],
    now: datetime,
) -> None:
    """Keep a mapping under its name; an older one of that name is replaced. Raises InvalidValue."""
    name = checked_text(name, field="mapping_name", longest=LONGEST_NAME, required=True)
    found = _named(db, municipality_code, kind, name)
    if found is None:
        found = KeptMapping(
            municipality_code=municipality_code, kind=kind, name=name, header_mark=header_mark, changed_at=now
        )
        db.add(found)
    if (found.header_mark, found.columns, found.fixed) != (header_mark, dict(columns), dict(fixed)):
        found.header_mark, found.columns, found.fixed = header_mark, dict(columns), dict(fixed)
        found.changed_at = now
    db.flush()


def mapping_named(db: Session, *, municipality_code: str, kind: str, name: str) -> MappingKept | None:
    """The mapping of that name, if one is kept."""
    found = _named(db, municipality_code, kind, name)
    return None if found is None else _kept(found)


def mapping_for(db: Session, *, municipality_code: str, kind: str, header_mark: str) -> MappingKept | None:
    """The newest mapping that was kept for a form of these headers."""
    query = (
        select(KeptMapping)
        .where(
            KeptMapping.municipality_code == municipality_code,
            KeptMapping.kind == kind,
            KeptMapping.header_mark == header_mark,
        )
        .order_by(col(KeptMapping.changed_at).desc(), col(KeptMapping.id).desc())
    )
    found = db.exec(query).first()
    return None if found is None else _kept(found)


def mapping_names(db: Session, *, municipality_code: str, kind: str) -> tuple[str, ...]:
    """The names of the mappings that are kept."""
    query = (
        select(KeptMapping.name)
        .where(KeptMapping.municipality_code == municipality_code, KeptMapping.kind == kind)
        .order_by(col(KeptMapping.name))
    )
    return tuple(db.exec(query).all())


def _named(db: Session, code: str, kind: str, name: str) -> KeptMapping | None:
    query = select(KeptMapping).where(
        KeptMapping.municipality_code == code, KeptMapping.kind == kind, KeptMapping.name == name
    )
    return db.exec(query).first()


def _kept(row: KeptMapping) -> MappingKept:
    return MappingKept(row.name, dict(row.columns), dict(row.fixed))
