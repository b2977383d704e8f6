"""How long organisations take to answer, for the secretariat."""
