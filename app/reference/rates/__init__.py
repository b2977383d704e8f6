"""What one currency is worth in another: dated rates that the operator imports, and parities that the law fixes."""
