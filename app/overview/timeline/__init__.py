"""Who is where when: programmes, course sessions and accepted pledges of a country or a theme, along the quarters."""
