"""Backups: what is copied, sealed, kept, read again, given back (docs/operations/sauvegarde.md)."""
