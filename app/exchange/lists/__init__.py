"""Every list of records as a file: the same question, the same filters, the same readers, in columns."""
