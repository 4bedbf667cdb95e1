"""The facts of a workshop as pairs of label and value."""

from collections.abc import Iterator
from datetime import date, datetime

from events.japan.clock import tokyo_date, tokyo_time
from events.japan.eras import era_year
from events.programme_workshop import WorkshopPage
from supportapp.days import day_words
from supportapp.hooks import Office


def workshop_facts(office: Office, page: WorkshopPage) -> Iterator[tuple[str, str]]:
    """What the office may want to know; empty values are left out by whoever shows them."""
    say = office.words

    yield say("workshop.fact_kind"), say(f"workshop.kind.{page.kind.value}")
    yield say("workshop.fact_summary"), page.summary
    yield say("workshop.fact_target"), page.target
    yield say("workshop.fact_bring"), page.bring
    yield say("workshop.fact_fee"), _money(office, page)
    yield say("workshop.fact_method"), say(f"workshop.method.{page.method.value}") if page.method else ""
    yield say("workshop.fact_opens"), moment_words(office, page.opens_at)
    yield say("workshop.fact_deadline"), moment_words(office, page.deadline_at)
    yield say("workshop.fact_channels"), "\n".join(channel_words(office, page))
    yield say("workshop.fact_application"), page.application_text
    yield say("workshop.fact_contact"), " ".join(filter(None, (page.contact_name, page.contact_telephone)))
    yield say("workshop.fact_systems"), "・".join(say(f"workshop.system.{each}") for each in page.phone_systems)
    yield say("workshop.fact_topic"), page.topic_name
    yield say("workshop.fact_department"), page.department_name
    hosts = (f"{host.name}（{say(f'workshop.host_part.{host.part}')}）" for host in page.hosts)
    yield say("workshop.fact_hosts"), "、".join(hosts)
    yield say("workshop.fact_funding"), page.funding_source
    yield say("workshop.fact_cost"), say("workshop.yen", yen=f"{page.cost:,}") if page.cost is not None else ""
    yield say("workshop.fact_year"), year_words(office, page.fiscal_year)
    yield say("workshop.fact_improve"), page.improve_next
    yield say("workshop.fact_url"), page.url


def channel_words(office: Office, page: WorkshopPage) -> Iterator[str]:
    """Each way to apply, with its own times where it has some."""
    say = office.words
    own = {window.channel.value: window for window in page.windows}
    for channel in page.channels:
        word, window = say(f"workshop.channel.{channel}"), own.get(channel)
        if window is None:
            yield word
        else:
            yield say(
                "workshop.channel_times",
                channel=word,
                opens=moment_words(office, window.opens_at or page.opens_at),
                closes=moment_words(office, window.closes_at or page.deadline_at),
            )


def moment_words(office: Office, value: datetime | None) -> str:
    """A moment as day and time in Tokyo; nothing for none."""
    if value is None:
        return ""
    return f"{day_words(office.words, office.language, tokyo_date(value), office.today)} {tokyo_time(value):%H:%M}"


def _money(office: Office, page: WorkshopPage) -> str:
    fee = office.words("workshop.yen", yen=f"{page.fee:,}") if page.fee else ""
    return "\n".join(filter(None, (fee, page.fee_note))) or office.words("workshop.free")


def year_words(office: Office, year: int) -> str:
    """A fiscal year: 令和8年度."""
    shown = era_year(date(year, 5, 1)) if office.language == "ja" else str(year)
    return office.words("workshop.year_words", year=shown.removesuffix("年"))
