"""What programs may read and do: the same records and the same moves as on the pages, as JSON."""
