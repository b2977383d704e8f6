"""Conflicts: what stands against putting somebody forward or holding a session then; shown, and never forbidden."""
