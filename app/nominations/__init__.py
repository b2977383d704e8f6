"""Nominations: who is put forward for a session, who gets a seat by which rule, who came, and what that covers."""
