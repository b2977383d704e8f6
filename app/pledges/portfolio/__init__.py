"""All pledges of an organisation together: what it gives, what it receives, and what is late."""
