"""When a product may run out: a transparent method, and its check on the past.

No model to train, no chance: the same declarations always give the same dates (docs/forecast.md).
"""
