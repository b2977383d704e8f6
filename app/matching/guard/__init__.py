"""The duplicate guard: before something is posted, the few records that seem to be the same are put beside it."""
