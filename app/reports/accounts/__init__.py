"""Accounts of what was asked, promised and delivered: of a State, and of an organisation that gives."""
