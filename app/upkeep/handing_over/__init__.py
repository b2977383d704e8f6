"""Organisations and needs that nobody answers for, and who may take them up."""
