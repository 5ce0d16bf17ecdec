"""Migrations applied while the site runs: with short locks, and written so that nothing waits."""
