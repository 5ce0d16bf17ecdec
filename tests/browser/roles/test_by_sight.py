"""The journeys of this package use only what a person sees."""

import re
from pathlib import Path

import pytest

JOURNEYS = sorted(
    path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)
)
OUT_OF_SIGHT = re.compile(
    r"\.(goto|locator|get_by_test_id|query_selector|evaluate|dispatch_event)\(|reverse\("
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda path: path.stem)
def test_a_journey_types_no_address_and_knows_no_markup(journey):
    assert OUT_OF_SIGHT.findall(journey.read_text(encoding="utf-8")) == []
