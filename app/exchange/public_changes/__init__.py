"""When a record last changed as everybody could see it: feeds, the map of the site and IATI files tell no other day."""
