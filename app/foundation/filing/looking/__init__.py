"""Files that people send are looked at: what they are by content, what a scanner says, which text they hold."""
