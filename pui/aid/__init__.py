"""Mutual aid between pharmacies (*dépannage*), on ``establishments.redistribution``."""
