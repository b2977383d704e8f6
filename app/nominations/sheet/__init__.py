"""Nominating many people at once from a spreadsheet, and the candidates of a session as a table to take along."""
