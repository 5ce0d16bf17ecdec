"""PASREL: other applications log people in here, and two national services log people in."""
