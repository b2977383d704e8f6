"""What training centres teach: courses and their dated sessions with seats."""
