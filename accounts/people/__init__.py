"""The accounts that an administrator follows: found, read, told."""
