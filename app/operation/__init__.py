"""Watching over the site: figures for machines, a page for the office, findings for whoever runs it."""
