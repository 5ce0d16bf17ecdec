"""Keeps the summaries of each week equal to the lines: one MERGE a table, nothing by triggers."""
