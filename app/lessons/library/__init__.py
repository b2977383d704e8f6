"""The library: lists with their filters, what is known of a theme, and files to take along."""
