"""What an ARS, an OMEDIT or the national cell sees of the pharmacies of its territory."""
