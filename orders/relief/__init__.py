"""« Demandes de dépannage »: what an establishment asks its ARS, the answer both follow."""
