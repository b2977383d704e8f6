"""The report of a region, in the form of a mini-Dublin report: written by the desk of a grouping, signed, and kept."""
