"""The parts from which pages are made, each in every state, on one page for those who build the site."""
