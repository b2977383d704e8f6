"""What is new, told to programs: feeds (Atom, RFC 4287) of a search, a country or a theme, and the map of the site.

Feeds are for readers without an account: they hold what anybody may see, whoever asks, and a change of what not
everybody may see moves nothing in them.
"""
