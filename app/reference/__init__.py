"""Countries, groupings, themes and code lists: facts that the whole site refers to, in all its languages."""
