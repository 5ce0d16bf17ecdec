"""« Demandes de dépannage »: what an establishment asks its ARS, and the answer followed by both."""
