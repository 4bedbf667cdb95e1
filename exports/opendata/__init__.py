"""Municipal open data: header rows as data, and readers that take published files as they are."""
