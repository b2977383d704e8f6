"""Course sessions by their days: the calendar, its files for calendar programs, and the programme of a centre."""
