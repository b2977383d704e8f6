"""What cannot be backed up, read or put back, in one sentence that says how to mend it."""

from __future__ import annotations


class BackupRefused(ValueError):
    """Nothing was changed; the message is for whoever runs the site."""


class Torn(ValueError):
    """What was read is not what was written; the message says where, for whoever knows of which file it speaks."""
