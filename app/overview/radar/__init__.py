"""Country by theme by quarter: what is asked and who helps, and where that leaves a gap, a crowd or a collision."""
