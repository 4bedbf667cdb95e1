"""The header rows under which municipalities publish, one data file each, and how one is loaded."""

import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

from exports.opendata.errors import ProfileSlotEmpty, UnknownProfile
from exports.tables.delimited import decoded, records


@dataclass(frozen=True, slots=True)
class ProfileColumn:
    """One column: its header, our name for what it holds, its type, and other headers it is known by.

    ``required``: a row without it is not whole. ``defining``: a file without it is of another profile.
    """

    header: str
    field: str
    type: str
    required: bool = False
    defining: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """One header row. ``kind`` is ``events`` or ``facilities``; ``columns`` stand in their order."""

    id: str
    kind: str
    edition: str
    columns: tuple[ProfileColumn, ...]

    @property
    def headers(self) -> tuple[str, ...]:
        """The header row."""
        return tuple(column.header for column in self.columns)


SLOT: Final = "municipal-standard-event"
_dropped_in: dict[str, Profile] = {}


def fill_slot(content: bytes, *, file_name: str) -> Profile:
    """Take the official header row of 自治体標準「イベント一覧」 that somebody dropped in: the first row of a table.

    We ship no guessed one. Its columns mean what the same header means in the profiles we know; others stay empty.
    """
    known = {
        header_key(name): column
        for each in map(_shipped, _shipped_ids())
        for column in each.columns
        if each.kind == "events"
        for name in (column.header, *column.aliases)
    }
    text = decoded(content, file_name=file_name)
    header = next((cells for _, cells in records(text, file_name) if any(cells)), [])
    columns: list[ProfileColumn] = []
    for place, name in enumerate(each for each in header if each):
        meant = known.get(header_key(name)) or _OFFICIAL.get(header_key(name))
        taken = {column.field for column in columns}
        if meant is None or meant.field in taken:
            columns.append(ProfileColumn(name, f"other_{place}", "text"))
        else:
            columns.append(replace(meant, header=name, aliases=(), required=False, defining=False))
    wanted = [replace(each, defining=each.field in {"name", "first_day"}) for each in columns]
    _dropped_in[SLOT] = Profile(SLOT, "events", "official", tuple(wanted))
    return _dropped_in[SLOT]


def profile(profile_id: str) -> Profile:
    """The profile of that name. Raises UnknownProfile, ProfileSlotEmpty."""
    if profile_id in _dropped_in:
        return _dropped_in[profile_id]
    if profile_id == SLOT:
        raise ProfileSlotEmpty(profile=SLOT)
    return _shipped(profile_id)


@cache
def _shipped(profile_id: str) -> Profile:
    if profile_id not in profile_ids():
        raise UnknownProfile(profile=profile_id, known=profile_ids())
    values = tomllib.loads(files(__name__).joinpath(f"{profile_id}.toml").read_text(encoding="utf-8"))
    columns = tuple(ProfileColumn(**{**each, "aliases": tuple(each.get("aliases", ()))}) for each in values["column"])
    return Profile(values["id"], values["kind"], values["edition"], columns)


def profile_ids() -> tuple[str, ...]:
    """The names of all profiles, in order."""
    return tuple(sorted({*_shipped_ids(), *_dropped_in}))


@cache
def _shipped_ids() -> tuple[str, ...]:
    names = (each.name for each in files(__name__).iterdir())
    return tuple(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def profiles_of(kind: str | None) -> tuple[Profile, ...]:
    """All profiles of a kind; of every kind for None."""
    return tuple(each for each in map(profile, profile_ids()) if kind in (None, each.kind))


def header_key(header: str) -> str:
    """A header as it is compared: brackets and letters of either width and case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", header).casefold().split())


# headers seen in cities' files of that standard (domain knowledge, not the official sheet)
_OFFICIAL: Final = {
    header_key(header): ProfileColumn(header, field, kind)
    for header, field, kind in (
        ("地方公共団体名", "city_name", "text"),
        ("所在地_連結表記", "address", "text"),
        ("所在地_都道府県", "prefecture", "text"),
        ("所在地_市区町村", "city", "text"),
        ("料金種別", "fee_status", "text"),
    )
}
