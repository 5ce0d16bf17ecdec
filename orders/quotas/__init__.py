"""Quotas (*contingentement*): the fair share-out, what explains it, what compares two of them."""
