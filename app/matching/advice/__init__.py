"""Lessons at the moment of decision: the three to read while one drafts something, and what its author says to them."""
