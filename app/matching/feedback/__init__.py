"""What the two sides say of a match, and what the secretariat makes of it."""
