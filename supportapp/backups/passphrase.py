"""The passphrase of an office's backups: given from outside, or made once and kept beside the data.

Whoever has only the backup files cannot read them. Whoever loses the machine needs the passphrase on paper: the
command that makes it says so.
"""

import os
import secrets
from pathlib import Path

from supportapp.settings import Settings, data_folder

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_GROUPS, _LENGTH = 6, 4  # 31^24: more than 110 bits


def passphrase_file() -> Path:
    """Where the passphrase of this machine is kept."""
    return data_folder() / "backup-passphrase.txt"


def known_passphrase(settings: Settings) -> str | None:
    """The passphrase that was set, or the one that was made here; None when there is neither."""
    if settings.backup_passphrase:
        return settings.backup_passphrase
    file = passphrase_file()
    return file.read_text("utf-8").strip() if file.exists() else None


def make_passphrase() -> str:
    """Make one, keep it readable for the owner only, and answer it."""
    made = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    handle = os.open(passphrase_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as kept:
        kept.write(made + "\n")
    return made
