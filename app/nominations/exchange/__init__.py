"""The seat exchange: free seats of sessions are offered to the lines of needs that they fit, and the other way."""
