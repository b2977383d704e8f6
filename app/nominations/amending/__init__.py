"""Amending: what is said of a candidate is put right, and the candidates of one organisation are ranked anew."""
