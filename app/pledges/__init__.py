"""What donors promise against need lines, what the recipient accepts, and what is still open."""
