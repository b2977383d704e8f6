"""How a lesson is validated: by the secretariat or whom it names, with words between them and its author."""
