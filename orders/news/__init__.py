"""What is new in one's quotas and orders since the last visit; what is left of a pool."""
