"""Tables that people open in a spreadsheet, and those that they send."""
