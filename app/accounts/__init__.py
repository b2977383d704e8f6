"""People who sign in, and the organisations that they act for."""
