"""The data dictionary: every column of the open data with its type, unit, code list and meaning, made from the code."""
