"""Countries, groupings, themes and code lists: facts that the whole site refers to, named in four languages."""
