# ruff: noqa: PLC0415 -- each command imports only what it needs
"""``validate-opendata FILE``: anybody's published file against the rules V1 to V10."""

import json
from datetime import UTC, datetime

import click

from supportapp.command_line import bytes_of, refuse, spoken, use_official_profile


@click.command("validate-opendata")
@click.argument("file")
@click.option("--profile", default=None, metavar="NAME", help="The form of the file; found by its header otherwise.")
@click.option("--public-contact", "contacts", multiple=True, metavar="VALUE", help="A body's own number or address.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def validate_opendata(file: str, *, profile: str | None, contacts: tuple[str, ...], as_json: bool) -> None:
    """Say which cells of FILE break which rule, and what to do. Exit status 1 when it must not be published so."""
    from events.japan.clock import tokyo_date
    from exports.opendata.validating import validate
    from supportapp.open_data_words import finding_in_words, summary_in_words, validation_for_programs

    use_official_profile()
    name = file.replace("\\", "/").rpartition("/")[2]
    today = tokyo_date(datetime.now(UTC))
    found = validate(bytes_of(file), file_name=name, today=today, profile=profile, contacts=contacts)
    say = spoken()
    if as_json:
        click.echo(json.dumps(validation_for_programs(say, found), ensure_ascii=False))
    else:
        for finding in found.findings:
            click.echo(finding_in_words(say, finding))
    if found.errors:
        refuse(summary_in_words(say, found))
    if not as_json:
        click.echo(summary_in_words(say, found))
