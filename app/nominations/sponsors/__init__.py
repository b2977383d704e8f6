"""Sponsored seats: a donor pays for seats of a session, for States that it names or for a line of a need."""
