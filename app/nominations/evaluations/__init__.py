"""Evaluations: what those who took part say of a session, at its end and six months later, told in sums alone."""
