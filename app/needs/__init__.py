"""What States ask for: needs with their lines, indicators and versions."""
