"""What organisations ask and write one another: questions that are answered for everybody, and private messages."""
