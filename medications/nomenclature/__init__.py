"""The public tables of codes: recognised, read, compared with what is known, then written."""
