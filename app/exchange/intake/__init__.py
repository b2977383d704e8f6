"""Files of activities brought in by page: read and compared first, imported when a person says so, and taken back."""
