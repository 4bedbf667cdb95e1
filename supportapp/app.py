"""The app as one browser sees it: who is signed in, in which words, and the site map."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

import flet as ft

from events.japan.clock import TOKYO
from supportapp.accounts import DOOR, SignedIn, change_role, keep_preferences, resume, sign_out
from supportapp.backend import Backend
from supportapp.hooks import Office, in_office, use_office
from supportapp.messages import LANGUAGES, words
from supportapp.places import home
from supportapp.settings import Settings
from supportapp.theme import Look, dress, look_of, remember_look
from supportapp.views.attendee import AttendeeScreen
from supportapp.views.backups import Backups
from supportapp.views.calendar import Calendar
from supportapp.views.calls import Calls
from supportapp.views.catalogue import Departments, Organisations, Topics
from supportapp.views.draw import DrawScreen
from supportapp.views.exports import Exports
from supportapp.views.figures import Figures
from supportapp.views.files_in import FilesIn
from supportapp.views.first_password import FirstPasswordScreen
from supportapp.views.log import Log
from supportapp.views.matching import Matching
from supportapp.views.merge import MergeScreen
from supportapp.views.my_record import MyRecord
from supportapp.views.my_sessions import MySessions
from supportapp.views.my_times import MyTimes
from supportapp.views.notices import Notices
from supportapp.views.open_sessions import OpenSessions
from supportapp.views.overdue_loans import OverdueLoans
from supportapp.views.people import PeopleScreen
from supportapp.views.postcards import Postcards
from supportapp.views.questionnaire import Questionnaire
from supportapp.views.reception import Reception
from supportapp.views.reception_list import ReceptionList
from supportapp.views.session import SessionScreen
from supportapp.views.settings import SettingsScreen
from supportapp.views.settings_city import CitySettingsScreen
from supportapp.views.shell import NoSuchPlace, Shell, WaitingScreen
from supportapp.views.sign_in import SignInScreen
from supportapp.views.telephone import Telephone
from supportapp.views.today import Today
from supportapp.views.users import Users
from supportapp.views.venues import Venues
from supportapp.views.volunteer import VolunteerScreen
from supportapp.views.workshop import WorkshopScreen
from supportapp.views.workshop_new import WorkshopNew
from supportapp.views.workshops import Workshops

_TOKEN = "supportapp.token"  # noqa: S105 -- the name of the place, not a token
_LANGUAGE = "supportapp.language"
_SAVED_AT = "supportapp.saved_at"


_FIRST: dict[str, Callable[[], ft.Control]] = {"/": Today, "/mine": MySessions, "/desk": ReceptionList, "/users": Users}


@ft.component
def Start() -> ft.Control:
    """The first screen of the role that is signed in."""
    return _FIRST[home(use_office().actor.role)]()


# The site map: every address and its screen.
_SCREENS = (
    ft.Route(index=True, component=Start),
    ft.Route(path="calendar", component=Calendar),
    ft.Route(path="workshops", component=Workshops),
    ft.Route(path="workshops/new", component=WorkshopNew),
    ft.Route(path="workshops/:workshop_id", component=WorkshopScreen),
    ft.Route(path="draws/:intake_id", component=DrawScreen),
    ft.Route(path="sessions/:session_id", component=SessionScreen),
    ft.Route(path="sessions/:session_id/questionnaire", component=Questionnaire),
    ft.Route(path="venues", component=Venues),
    ft.Route(path="telephone", component=Telephone),
    ft.Route(path="calls", component=Calls),
    ft.Route(path="notices", component=Notices),
    ft.Route(path="postcards", component=Postcards),
    ft.Route(path="people", component=PeopleScreen),
    ft.Route(path="people/attendees/:attendee_id", component=AttendeeScreen),
    ft.Route(path="people/attendees/:attendee_id/merge", component=MergeScreen),
    ft.Route(path="people/volunteers/:volunteer_id", component=VolunteerScreen),
    ft.Route(path="matching", component=Matching),
    ft.Route(path="loans", component=OverdueLoans),
    ft.Route(path="desk", component=ReceptionList),
    ft.Route(path="desk/:session_id", component=Reception),
    ft.Route(path="figures", component=Figures),
    ft.Route(path="exports", component=Exports),
    ft.Route(path="files-in", component=FilesIn),
    ft.Route(path="users", component=Users),
    ft.Route(path="log", component=Log),
    ft.Route(path="settings", component=SettingsScreen),
    ft.Route(path="settings/city", component=CitySettingsScreen),
    ft.Route(path="settings/departments", component=Departments),
    ft.Route(path="settings/topics", component=Topics),
    ft.Route(path="organisations", component=Organisations),
    ft.Route(path="backups", component=Backups),
    ft.Route(path="mine", component=MySessions),
    ft.Route(path="open", component=OpenSessions),
    ft.Route(path="times", component=MyTimes),
    ft.Route(path="record", component=MyRecord),
    ft.Route(path="/:rest*", component=NoSuchPlace),
)


def _routes() -> list[ft.Route]:
    return [ft.Route(component=Shell, children=list(_SCREENS))]


def office_app(backend: Backend, settings: Settings) -> Callable[[ft.Page], None]:
    """What Flet calls for each browser that connects."""

    def main(page: ft.Page) -> None:
        page.title = words(LANGUAGES[0])("app.title")
        page.locale_configuration = ft.LocaleConfiguration(
            supported_locales=[ft.Locale("ja", "JP"), ft.Locale("en", "US")], current_locale=ft.Locale("ja", "JP")
        )
        page.padding = 0
        page.spacing = 0
        dress(page, Look())
        page.render(App, backend, settings, ft.SharedPreferences())

    return main


@ft.component
def App(backend: Backend, settings: Settings, kept: ft.SharedPreferences) -> ft.Control:
    """The whole app of one browser. ``kept`` is what the browser remembers of it.

    It is made once: Flet lets go of such a service as soon as nobody holds it, and then it never answers.
    """
    page: ft.Page = ft.context.page
    token, set_token = ft.use_state("")
    door: tuple[_Door, Any] = ft.use_state(_Door())
    at_door, set_door = door

    async def enter(new_token: str, language: str = at_door.language) -> None:
        found = await _resumed(backend, new_token)
        set_token(new_token if found else "")
        if found is not None:
            dress(page, look_of(found.preferences))
            await kept.set(_TOKEN, new_token)
        spoken = found.language if found else language
        set_door(lambda before: replace(before, known=True, signed_in=found, language=spoken))

    async def look_around() -> None:
        await enter(str(await kept.get(_TOKEN) or ""), str(await kept.get(_LANGUAGE) or LANGUAGES[0]))

    async def leave() -> None:
        await backend.run(DOOR, sign_out, token=token, now=backend.clock())
        await kept.remove(_TOKEN)
        set_token("")
        set_door(lambda before: replace(before, signed_in=None))
        await page.push_route("/")

    async def wear(account_role_id: UUID) -> None:
        await backend.run(DOOR, change_role, token=token, account_role_id=account_role_id)
        await enter(token)
        await page.push_route("/")

    async def change_look(**changes: object) -> None:
        language = str(changes.pop("language", at_door.language))
        await kept.set(_LANGUAGE, language)
        signed_in = at_door.signed_in
        if signed_in is None or signed_in.actor.account_id is None:
            set_door(lambda before: replace(before, language=language))
            return
        preferences = {**signed_in.preferences, **changes}
        account_id = signed_in.actor.account_id
        await backend.run(DOOR, keep_preferences, account_id=account_id, language=language, preferences=preferences)
        await remember_look(kept, look_of(preferences), language)
        await enter(token)

    ft.use_effect(look_around, [])
    say = words(at_door.language)
    page.title = say("app.title")
    if not at_door.known:
        return WaitingScreen(say("app.preparing"))
    signed_in = at_door.signed_in
    if signed_in is None:
        return SignInScreen(backend, settings, at_door.language, enter, change_look)
    note_saved = partial(_note_saved, backend, kept)
    office = Office(
        backend, settings, signed_in, say, at_door.language, page, leave, change_look, wear, note_saved
    )
    return _inside(office, token, enter)


def _inside(office: Office, token: str, enter: Callable[[str], Awaitable[None]]) -> ft.Control:
    """The screens; before them, once, the change of a password that an administrator gave."""
    if office.signed_in.must_change_password:
        return FirstPasswordScreen(office.backend, token, office.language, enter, office.sign_out)
    return in_office(office, lambda: ft.Router(_routes()))


@dataclass(frozen=True, slots=True)
class _Door:
    """What is known of who sits in front of the screen."""

    known: bool = False
    signed_in: SignedIn | None = None
    language: str = LANGUAGES[0]


async def _resumed(backend: Backend, token: str) -> SignedIn | None:
    return await backend.read(DOOR, resume, token=token, now=backend.clock()) if token else None


async def _note_saved(backend: Backend, kept: ft.SharedPreferences) -> None:
    """Remember in the browser when something was saved last: our own page says it while the server is away."""
    await kept.set(_SAVED_AT, backend.clock().astimezone(TOKYO).isoformat(timespec="seconds"))
