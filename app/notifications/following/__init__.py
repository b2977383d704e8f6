"""Following a record, and from which strength on a person is told of matches."""
