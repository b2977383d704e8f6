"""What donors offer or already run: programmes, typed in here or read from IATI activity files."""
