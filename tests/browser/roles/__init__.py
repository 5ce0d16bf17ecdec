"""One journey per role, from the home page to the work done, by what is visible on screen alone."""
