"""Files that people send: looked at, kept under their content, and given out as downloads."""
