"""The screens of PLAGE."""
