"""What the site knows of people: shown to them, kept no longer than needed, erased when they leave."""
