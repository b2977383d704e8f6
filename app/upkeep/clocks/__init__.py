"""The clocks of good practice on each need: acknowledged, circulated, and asked a year later."""
