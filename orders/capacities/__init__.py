"""Beds, places and professionals of each establishment: files, corrections asked and decided."""
