"""How well the site finds: judged needs, questions and pairs, run through its own matching and search."""
