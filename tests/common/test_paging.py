"""Pages read by numbers first: the same rows in the same order, whatever the table joins."""

import pytest
from django.core.paginator import Paginator

from common.paging import KeyedPaginator
from establishments.models import Establishment
from tests.builders import make_establishment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 2, 3, 99, "x"])
def test_a_keyed_page_is_the_page(number):
    for rank in range(7):
        make_establishment(name=f"EHPAD {rank % 3}")
    rows = Establishment.objects.select_related("region").order_by("name", "-pk")
    ours, theirs = (kind(rows, 3).get_page(number) for kind in (KeyedPaginator, Paginator))
    assert list(ours) == list(theirs)
    assert (ours.number, ours.paginator.num_pages) == (theirs.number, theirs.paginator.num_pages)


def test_a_total_known_is_not_counted_again(django_assert_num_queries):
    make_establishment()
    rows = Establishment.objects.order_by("pk")
    with django_assert_num_queries(2):
        assert len(KeyedPaginator(rows, 3, total=1).get_page(1)) == 1
