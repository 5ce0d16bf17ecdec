"""The pages of a transmission, one module a step."""
