"""Mutual aid of protective equipment (*dépannage*), on ``establishments.redistribution``."""
