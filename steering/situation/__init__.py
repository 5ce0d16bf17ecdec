"""The situation of a territory on one page, the bulletin that keeps it, the mail that tells it."""
