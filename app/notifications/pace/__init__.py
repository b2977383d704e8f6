"""How often a person wants which news by mail, and when what waits is due."""
