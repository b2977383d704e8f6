"""Asking owners by mail whether a record still stands, with links that need no sign-in."""
