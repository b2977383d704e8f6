"""Programmes of different organisations that seem to do the same thing, in the same place, at the same time."""
