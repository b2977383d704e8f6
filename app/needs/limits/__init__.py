"""How much help a State can take in at once: the limits that it sets, and that donors plan with."""
