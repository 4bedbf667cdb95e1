"""What may be published as rows of texts by our names for the columns; the profile decides which are written."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

import jaconv

from events.japan.clock import tokyo_date, tokyo_time
from events.japan.telephones import shown_telephone
from events.open_data import PublicData, PublicPlace, PublicSession
from events.states import ProgrammeState
from exports.opendata.prefectures import prefecture_of

Row = Mapping[str, str]

# 状態 as GIF 452-1 lists it
_STATES: Final = {
    ProgrammeState.ANNOUNCED: "準備中",
    ProgrammeState.OPEN: "受付中",
    ProgrammeState.CANCELLED: "中止",
    ProgrammeState.POSTPONED: "延期",
}
_EVENT_KIND: Final = "セミナー"
_ONLINE: Final = "オンライン"
_WEEKDAYS: Final = "月火水木金土日"
_KANA: Final = re.compile(r"[ァ-ヺー・０-９0-9A-Za-z &'()\-〜~！？]+")


def event_rows(data: PublicData, *, public_address: str = "") -> list[Row]:
    """The sessions. A workshop without an address of its own has its page at ``public_address``, if there is one."""
    return [_event(data, session, public_address) for session in data.sessions]


def facility_rows(data: PublicData) -> list[Row]:
    """The venues."""
    return [_facility(data, place) for place in data.places]


def _event(data: PublicData, session: PublicSession, public_address: str) -> Row:
    page = f"{public_address}/apply/workshop/{session.workshop_id}" if public_address else ""
    texts = {
        "name": session.title,
        "kana": title_kana(session.title),
        "description": session.summary,
        "target": session.target,
        "url": session.url or page,
        "fee": str(session.fee),
        "fee_note": session.fee_note,
        "fee_status": "有料" if session.fee else "無料",
        "application": session.application_text,
        "contact_name": session.contact_name,
        "contact_telephone": shown_telephone(session.contact_telephone),
        "host": session.host or data.name,
        "co_host": session.co_host,
        "event_kind": _EVENT_KIND,
        "state": _STATES.get(session.state, ""),
        "capacity": str(session.seats) if session.seats else "",
        "web": _web(session),
        **_when(session),
        **_where(data, session),
    }
    return _row(data, session.number, texts)


def _when(session: PublicSession) -> dict[str, str]:
    deadline = session.deadline_at
    return {
        "first_day": session.held_on.isoformat(),
        "last_day": (tokyo_date(session.ends_at) if session.ends_at else session.held_on).isoformat(),
        "starts": f"{tokyo_time(session.starts_at):%H:%M}" if session.starts_at else "",
        "ends": f"{tokyo_time(session.ends_at):%H:%M}" if session.ends_at else "",
        "deadline_day": tokyo_date(deadline).isoformat() if deadline else "",
        "deadline_time": f"{tokyo_time(deadline):%H:%M}" if deadline else "",
    }


def _where(data: PublicData, session: PublicSession) -> dict[str, str]:
    place = session.place
    if place is None:
        return {"place": session.place_text or (_ONLINE if session.online else "")}
    name = f"{place.name}　{session.room}" if session.room else place.name
    return {"place": name, "facility": place.name, "access": place.access, **_address(data, place)}


def _web(session: PublicSession) -> str:
    if not session.online:
        return "現地開催のみ"
    return "ハイブリッド" if session.place or session.place_text else _ONLINE


def _facility(data: PublicData, place: PublicPlace) -> Row:
    rule = place.opening_rule
    closed = rule.get("closed_weekdays")
    days = [day for number, day in enumerate(_WEEKDAYS) if isinstance(closed, list) and number not in closed]
    offered = [*place.accessibility, *(["スロープ"] if place.has_ramp and not place.accessibility else [])]
    texts = {
        "name": place.name,
        "kana": place.kana,
        "poi_code": place.poi_code,
        "telephone": shown_telephone(place.telephone),
        "open_weekdays": "".join(days),
        "opens": str(rule.get("opens") or ""),
        "closes": str(rule.get("closes") or ""),
        "barrier_free": ";".join(offered),
        "access_ramp": "有" if place.has_ramp else "",
        **_address(data, place),
    }
    return _row(data, place.number, texts)


def _address(data: PublicData, place: PublicPlace) -> dict[str, str]:
    prefecture = prefecture_of(data.code)
    inside = place.address.removeprefix(prefecture).removeprefix(data.name)
    in_town = bool(place.town) and inside.startswith(place.town)
    return {
        "address": f"{prefecture}{data.name}{inside}" if place.address else "",
        "town": place.town if in_town else "",
        "street": inside.removeprefix(place.town) if in_town else inside,
        "postal_code": place.postal_code,
        "latitude": f"{place.latitude:.6f}" if place.latitude is not None else "",
        "longitude": f"{place.longitude:.6f}" if place.longitude is not None else "",
    }


def _row(data: PublicData, number: str, texts: Mapping[str, str]) -> Row:
    common = {
        "code": data.code,
        "number": number,
        "prefecture": prefecture_of(data.code),
        "city": data.name,
        "city_name": f"{prefecture_of(data.code)}{data.name}",
    }
    # a line break inside a cell breaks the programs of half the readers: published texts are one line
    return {name: " ".join(text.split()) if name != "place" else text for name, text in {**common, **texts}.items()}


def title_kana(title: str) -> str:
    """A title in full-width kana where every word of it is known; "" otherwise: nothing is guessed."""
    rest = unicodedata.normalize("NFKC", title)
    for word in sorted(_readings(), key=len, reverse=True):
        rest = rest.replace(word, _readings()[word])
    kana: str = jaconv.hira2kata(rest)
    return kana if _KANA.fullmatch(kana) else ""


@cache
def _readings() -> Mapping[str, str]:
    words: dict[str, str] = tomllib.loads(
        files("exports.opendata").joinpath("readings.toml").read_text(encoding="utf-8")
    )["word"]
    return words
