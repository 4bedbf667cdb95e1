"""The header rows under which municipalities publish, one data file each, and how one is loaded."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from exports.opendata.errors import UnknownProfile


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


@cache
def profile(profile_id: str) -> Profile:
    """The profile of that name. Raises UnknownProfile."""
    if profile_id not in profile_ids():
        raise UnknownProfile(profile=profile_id, known=profile_ids())
    values = tomllib.loads(files(__name__).joinpath(f"{profile_id}.toml").read_text(encoding="utf-8"))
    columns = tuple(
        ProfileColumn(**{**each, "aliases": tuple(each.get("aliases", ()))}) for each in values["column"]
    )
    return Profile(values["id"], values["kind"], values["edition"], columns)


@cache
def profile_ids() -> tuple[str, ...]:
    """The names of all profiles, in order."""
    names = (each.name for each in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def profiles_of(kind: str) -> tuple[Profile, ...]:
    """All profiles of a kind."""
    return tuple(each for each in map(profile, profile_ids()) if each.kind == kind)


def header_key(header: str) -> str:
    """A header as it is compared: brackets and letters of either width and case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", header).casefold().split())
