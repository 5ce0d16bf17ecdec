"""National data of EPI-Stocks in every test of this folder that uses the database."""

import pytest

from epi_stocks.services.reference import load_epi_reference


@pytest.fixture(autouse=True)
def reference(request):
    """Load again for each test: a ``transaction=True`` test before it emptied the tables."""
    for name in ("transactional_db", "db"):
        if request.node.get_closest_marker("django_db") or name in request.fixturenames:
            marker = request.node.get_closest_marker("django_db")
            is_transactional = marker and marker.kwargs.get("transaction")
            request.getfixturevalue("transactional_db" if is_transactional else "db")
            load_epi_reference()
            return
