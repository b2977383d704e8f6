"""Who does what: donors by themes, or by countries where a theme is chosen, as a table that is shaded by how much."""
