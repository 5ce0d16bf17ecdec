"""The parts of a situation, each read from the one definition that its own page reads."""
