"""The journal proved: sealed in batches, verified, purged after its delay."""
