"""Mail that comes back: which address it was, and what its owner is told."""
