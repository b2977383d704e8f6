"""A need as a note verbale: in the third person, as ministries and missions write to each other."""
