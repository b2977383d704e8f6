"""Reports that a person signs: a need as a note verbale, an account of a State or a donor, the report of a region."""
