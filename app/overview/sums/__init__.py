"""The sums of the front page: what each record adds to them, kept so that a change costs what has changed."""
