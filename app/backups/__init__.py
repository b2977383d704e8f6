"""Backups: the whole site in one file, whichever database it stands in, and the way back into either of the two."""
