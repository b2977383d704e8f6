"""Work that takes longer than a page may: a person starts it, goes on with something else, and finds it done."""
