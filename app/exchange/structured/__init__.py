"""Public pages told to programs in the words of schema.org: what a stranger may see of them, whoever looks."""
