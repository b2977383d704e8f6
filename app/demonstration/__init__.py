"""A site to look at: invented organisations, people and records, and the real activity files beside them."""
