"""What two records are to one another, and what that makes of totals."""
