"""Chorus Pro: its API, its words, what it wants of an invoice."""
