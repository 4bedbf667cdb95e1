"""Tables as people bring them, xlsx or csv in whatever encoding, as rows of texts. Knows nothing of workshops."""

from exports.tables.reading import CellDoubt, RawRow, RawTable, read_raw_table

__all__ = ["CellDoubt", "RawRow", "RawTable", "read_raw_table"]
