"""A journey again on a phone, or in dark: the second time is for `make test-long`.

Each page is examined at two widths by ``axe`` all the same.
"""

import pytest

BOTH_WIDTHS = pytest.mark.parametrize("width", [1280, pytest.param(360, marks=pytest.mark.long)])
BOTH_THEMES = pytest.mark.parametrize(
    "scheme", ["light", pytest.param("dark", marks=pytest.mark.long)]
)
