"""The proof of a backup: it is restored into an empty place, and what stands there is checked."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from events.errors import DomainError
from events.integrity import find_inconsistencies
from supportapp.audit import check_chains
from supportapp.backups.restoring import restore_backup
from supportapp.backups.writing import fingerprints
from supportapp.database import open_database


class BackupNotProved(DomainError):
    """What came out of a backup is not what went in: ``inconsistencies`` and broken ``chains`` are counted."""

    code = "backup_not_proved"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found in the restored copy: rows, and chains of the log with their newest hashes."""

    rows: int
    heads: dict[str, str]


def prove_backup(file: Path, passphrase: str) -> Proof:
    """Restore into a place of its own that is thrown away, compare every table, and check rules and log there.

    Raises:
        BackupNotProved: tables differ, rules are broken, or the log does not hold.
        Everything ``restore_backup`` raises.
    """
    with tempfile.TemporaryDirectory(prefix="supportapp-proof-") as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'proof.db'}")
        try:
            restored = restore_backup(database, file, passphrase)
            same = {name: found for name, found in fingerprints(database).items() if name in restored.tables}
            with database.reading() as db:
                wrong, chains = len(find_inconsistencies(db)), check_chains(db)
        finally:
            database.close()
    broken = sum(chain.first_broken is not None for chain in chains)
    if same != restored.tables or wrong or broken:
        raise BackupNotProved(inconsistencies=wrong, chains=broken)
    return Proof(restored.rows, {chain.chain: chain.head for chain in chains})
