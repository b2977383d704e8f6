"""What was learned, asked for at the end: each side of a need, a programme or a session is asked for one lesson."""
