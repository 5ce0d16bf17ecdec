"""Files that leave for other tools: their columns, how they are written, how they are read."""
