"""The signed links of mails by which one changes or stops them without signing in."""
