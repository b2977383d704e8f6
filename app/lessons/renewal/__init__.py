"""How a lesson stays true: the day on which it is looked at again, and what happens when that day has passed."""
