"""The flow of money from donors through themes to countries, as a picture with its table and its file."""
