"""What goes in and out of the site: activity files of the IATI standard, spreadsheets, feeds and the API."""
