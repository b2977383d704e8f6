"""What was learned, and what others can use again: lessons and outputs."""
