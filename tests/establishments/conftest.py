"""The nomenclatures that FINESS files refer to."""

import pytest

from establishments.finess.importing import import_files
from establishments.services.reference import load_territories


@pytest.fixture
def territories(db):
    load_territories()


@pytest.fixture
def bring_in(territories):
    """Import files at once: ``bring_in(path, …)`` writes, ``apply=False`` tries."""

    def run(*paths, apply=True, allow_closures=True, **options):
        named = {path.name: path for path in paths}
        return import_files(named, apply=apply, allow_closures=allow_closures, **options)

    return run
