"""What every feature stands on: the database, the clock, the record of facts, who may do and see what, the web."""
