"""What was read once and is given again as long as it would be read the same."""
