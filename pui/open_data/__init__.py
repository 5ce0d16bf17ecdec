"""What the public reads of stocks: which figures may be told, and the files that tell them."""
