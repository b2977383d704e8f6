"""What printed sheets (PDF) share: letters, their order in a line, and what is read aloud of them."""
