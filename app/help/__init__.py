"""The site explained: how it works, what its words mean, and the first steps of whoever is new to it."""
