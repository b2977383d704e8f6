"""Workbooks that go out to be filled in without a line, and come back: what changed is shown row by row, then saved."""
