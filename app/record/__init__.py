"""The record as people read it: the secretariat searches it, and the page of a record tells what happened to it."""
