"""The start page: the mode, what is short, what is under way, where to go next."""
