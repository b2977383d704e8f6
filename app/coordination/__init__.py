"""Meetings that coordinate help in a country: their agenda, minutes and action points."""
