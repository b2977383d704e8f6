"""The map of needs and coverage with its table and its file."""
