"""Living records: what is posted is confirmed, needs are looked after in time, and nothing is orphaned."""
