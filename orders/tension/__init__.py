"""Tensions declared by the national cell, and what feeds the decision."""
