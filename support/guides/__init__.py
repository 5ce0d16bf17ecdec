"""Guides by role: texts of `content/`, their screenshots, and which one a page leads to."""
