"""What the addresses of help answer, by subject."""
