"""A decision on the lists, from its form to its preview: what it changes, and for whom."""
