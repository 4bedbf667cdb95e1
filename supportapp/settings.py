"""What can be set from outside, read once from the environment (``SUPPORTAPP_…``) or the command line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PREFIX = "SUPPORTAPP_"


def data_folder() -> Path:
    """The folder of this user's own data; made when it is missing."""
    import platformdirs  # noqa: PLC0415 -- only the default address needs it

    return Path(platformdirs.user_data_dir("supportapp", appauthor=False, ensure_exists=True))


def default_database() -> str:
    """One SQLite file in the user's data folder."""
    return f"sqlite:///{data_folder() / 'supportapp.db'}"


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs. Sizes are bytes, spans are minutes or days as named.

    ``public_address`` is where people at home reach our public pages (https://kouza.example.jp); "" for nowhere.
    """

    database: str = field(default_factory=default_database)
    host: str = "127.0.0.1"
    port: int = 8550
    public_address: str = ""
    calendar_domain: str = "supportapp.invalid"
    upload_limit: int = 20_000_000
    file_minutes: int = 10
    sign_in_days: int = 14
    backup_folder: str = ""  # empty: "backups" in the data folder
    backup_hour: int = 2  # of the day in Tokyo; 24: no backup by itself
    backup_passphrase: str = field(default="", repr=False)
    smtp_host: str = ""  # empty: no mail leaves, it waits
    smtp_port: int = 587
    smtp_security: str = "starttls"  # or "tls" from the first byte, or "none" within the office's own network
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""  # the address that mails come from

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Settings with whatever ``SUPPORTAPP_…`` variables say; unknown variables are left alone."""
        values: dict[str, Any] = {}
        for name, declared in cls.__dataclass_fields__.items():
            text = environment.get(PREFIX + name.upper())
            if text:
                values[name] = int(text) if declared.type is int else text
        return cls(**values)
