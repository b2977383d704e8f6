"""Programmes that seem to do the same: the people of both sides are told of each pair, once."""
