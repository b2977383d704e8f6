"""Certificates: a sheet for whoever passed or attended, a code on it, and a page on which anybody can check it."""
