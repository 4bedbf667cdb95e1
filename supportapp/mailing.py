"""Mails on their way: written, handed to the mail server of the settings, noted, and tried again when it was away.

Several processes may run this at the same time; each mail is lent to one of them (see ``events.notices.mail_queue``).
A process that dies between sending and noting leaves a mail that is sent again with the same Message-ID, so that mail
servers and readers keep one.
"""

import asyncio
import logging
import smtplib
import ssl
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Final

import sqlalchemy.exc
from sqlmodel import Session

from events.errors import DomainError, NotFound
from events.japan.clock import TOKYO, tokyo_date
from events.models import Municipality
from events.notices.mail_queue import MailToSend, note_mail_failed, note_mail_sent, take_mails
from supportapp.backend import Backend
from supportapp.handing_out_calendars import invitation_file
from supportapp.housekeeping import municipality_codes
from supportapp.identity import Actor, Role
from supportapp.messages import LANGUAGES, words
from supportapp.notice_words import Sender, mail_text
from supportapp.settings import Settings

EVERY_SECONDS = 30
_SERVER_SECONDS: Final = 30
_FOR_GOOD: Final = 500  # replies of 500 and above say that trying again is of no use (RFC 5321, 4.2.1)
_NAME = "supportapp"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MailRound:
    """What came of one round."""

    sent: int = 0
    failed: int = 0


def sender_of(db: Session, *, municipality_code: str) -> Sender:
    """Who writes to a municipality's people, and whom they may ask. Raises NotFound."""
    city = db.get(Municipality, municipality_code)
    if city is None:
        raise NotFound(thing="municipality_code")
    return Sender(city.name, " ".join(filter(None, [city.contact_name, city.contact_telephone])))


async def keep_mailing(backend: Backend, settings: Settings) -> None:
    """Send what is due every half minute until cancelled; a fault in one round does not end the next."""
    while settings.smtp_host:
        try:
            await asyncio.to_thread(send_mails_once, backend, settings)
        except (DomainError, sqlalchemy.exc.SQLAlchemyError):
            _LOG.exception("a round of mails failed")
        await asyncio.sleep(EVERY_SECONDS)


def send_mails_once(backend: Backend, settings: Settings) -> MailRound:
    """Send what is due for every municipality; a server that does not answer ends the round."""
    sent = failed = 0
    for code in backend.read_now(Actor(_NAME, Role.LOCAL, ""), municipality_codes):
        actor = Actor(_NAME, Role.LOCAL, code)
        mails = backend.run_now(actor, take_mails, municipality_code=code, now=backend.clock())
        for mail in mails:
            failure = _send(settings, written(backend, actor, mail, settings))
            if failure is None:
                now = backend.clock()
                backend.run_now(actor, note_mail_sent, municipality_code=code, said=mail.said, now=now, by=_NAME)
                sent += 1
            else:
                _note_failure(backend, actor, mail, failure)
                failed += 1
    return MailRound(sent, failed)


def written(backend: Backend, actor: Actor, mail: MailToSend, settings: Settings) -> EmailMessage:
    """One mail with its calendar entries: the same bytes whenever it is written again."""
    sender = backend.read_now(actor, sender_of, municipality_code=actor.municipality_code)
    subject, text = mail_text(words(LANGUAGES[0]), mail.person, sender, today=tokyo_date(mail.written_at))
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = formataddr((sender.place, settings.smtp_from))
    message["To"] = mail.person.email
    message["Date"] = format_datetime(mail.written_at.astimezone(TOKYO))
    message["Message-ID"] = f"<{mail.identity}@{settings.calendar_domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    for line in mail.calendar:
        file = invitation_file(
            backend, line, office=sender.place, recipient=mail.person.email, settings=settings
        )
        if file is not None:
            kind = "REQUEST" if line.stays else "CANCEL"
            message.add_attachment(
                file.content,
                maintype="text",
                subtype="calendar",
                filename=file.name,
                params={"method": kind, "charset": "utf-8"},
                cte="base64",
            )
    if message.is_multipart():
        message.set_boundary(f"={mail.identity}=")
    return message


@dataclass(frozen=True, slots=True)
class _Failure:
    said: str
    for_good: bool


def _send(settings: Settings, message: EmailMessage) -> _Failure | None:
    try:
        with _server(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return _Failure(f"{code} {_text(said)}", code >= _FOR_GOOD)
    except smtplib.SMTPResponseException as error:
        # what the server says of itself may be put right by an administrator: nobody's mail is given up for it
        about_mail = isinstance(error, (smtplib.SMTPDataError, smtplib.SMTPSenderRefused))
        return _Failure(f"{error.smtp_code} {_text(error.smtp_error)}", about_mail and error.smtp_code >= _FOR_GOOD)
    except (smtplib.SMTPException, OSError) as error:
        return _Failure(f"{type(error).__name__} {error}", for_good=False)
    return None


def _server(settings: Settings) -> AbstractContextManager[smtplib.SMTP]:
    if settings.smtp_security == "tls":
        secure = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=_SERVER_SECONDS, context=secure)
    server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_SERVER_SECONDS)
    if settings.smtp_security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _note_failure(backend: Backend, actor: Actor, mail: MailToSend, failure: _Failure) -> None:
    _LOG.warning("a mail of %s could not leave", actor.municipality_code)  # the answer may name the address
    backend.run_now(
        actor,
        note_mail_failed,
        municipality_code=actor.municipality_code,
        said=mail.said,
        failure=failure.said.replace(mail.person.email, "…"),
        for_good=failure.for_good,
        now=backend.clock(),
    )


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
