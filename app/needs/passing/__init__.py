"""Needs that somebody looks at before they are posted."""
