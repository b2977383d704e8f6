"""States' authorities, donors, training centres, regional organisations and NGOs: who they are, and if they are."""
