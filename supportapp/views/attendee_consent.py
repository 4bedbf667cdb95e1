"""Whether a person would like to be told of workshops, as one row to tick."""

from uuid import UUID

import flet as ft

from events.consents import consent_of, give_consent, withdraw_consent
from events.states import Channel
from supportapp.components.fields import check_row
from supportapp.components.layout import card
from supportapp.components.states import error_banner
from supportapp.days import day_words
from supportapp.hooks import use_action, use_office, use_query


@ft.component
def AnnouncementConsent(attendee_id: UUID) -> ft.Control:
    """Ticked while the consent stands; says since when."""
    office = use_office()
    say = office.words
    found = use_query(consent_of, (), attendee_id=attendee_id)
    act = use_action()

    async def change(agreed: bool) -> None:
        now, by = office.now(), office.actor.name
        if agreed:
            await act(give_consent, attendee_id=attendee_id, channel=Channel.COUNTER, now=now, by=by)
        else:
            await act(withdraw_consent, attendee_id=attendee_id, now=now, by=by)
        found.refresh()

    since = found.value
    shown = day_words(say, office.language, since, office.today) if since else ""
    error = act.error or found.error
    parts: list[ft.Control] = [error_banner(error)] if error else []
    parts.append(
        check_row(
            say("announce.segment.consent"),
            field_key="announcement-consent",
            value=since is not None,
            on_change=change,
            help_text=say("announce.segment.since", day=shown) if shown else None,
        )
    )
    return card(parts, key="attendee-consent")
