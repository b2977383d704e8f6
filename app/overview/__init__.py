"""The site seen as a whole: the front page, each person's desk, gaps by theme and country, and its own health."""
