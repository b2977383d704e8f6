"""What workbooks can be about: which records are one's own, and by which form they are written and saved."""
