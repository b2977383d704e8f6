"""Finding what is asked and offered by words and facets; the index can be thrown away at any time."""
