"""The streaming replica: how late it is, which pages read it, and for whom it will not do."""
