"""Why a people's list cannot be read at all."""

from exports.tables.errors import UnreadableFile


class ColumnsMissing(UnreadableFile):
    """Required columns (``headers``) are not there, nor does a mapping say which of the file's stand for them."""

    code = "file_columns_missing"


class MappingUnreadable(UnreadableFile):
    """A mapping of columns is no JSON object of our headers (``header``: the one that is none of ours)."""

    code = "mapping_unreadable"
