"""How well the site finds: a folder of judged needs, questions and pairs, run through the site's own matching and search."""
