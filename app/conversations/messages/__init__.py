"""Private messages between the two organisations of a match or of a pledge, kept with it."""
