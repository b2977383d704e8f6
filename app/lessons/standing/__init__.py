"""How lessons stand to one another, and how much each of them weighs because of it."""
