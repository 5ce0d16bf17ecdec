"""Read the FINESS files and bring the directory up to date from them."""
