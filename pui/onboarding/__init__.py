"""How a region's pharmacies come to e-Dispostock: the list, its file, the steps of each line."""
