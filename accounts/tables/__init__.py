"""The tables of PLAGE."""
