"""The wordings of a record: its versions, what changed between two, and two people who changed it at once."""
