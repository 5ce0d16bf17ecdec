"""The demonstration world: a fictitious country, its people and its history, always the same."""
