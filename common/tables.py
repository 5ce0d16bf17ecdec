"""Tables of lists, a page at a time."""

from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import HttpRequest
from django.template.loader import get_template
from django_tables2 import RequestConfig, TemplateColumn


def show_page(request: HttpRequest, table: Any, *, per_page: int) -> None:
    """Sort the table and cut the page that the address asks for; past the end, the last one.

    How many lines a page has is never asked in the address: a whole country would fit in one.
    """
    RequestConfig(request, paginate=False).configure(table)
    try:
        table.paginate(per_page=per_page, page=request.GET.get(table.prefixed_page_field, 1))
    except PageNotAnInteger:
        table.page = table.paginator.page(1)
    except EmptyPage:
        table.page = table.paginator.page(table.paginator.num_pages)


class CellColumn(TemplateColumn):  # type: ignore[misc]  # the library has no types
    """A cell drawn by a template that uses ``record`` and ``table`` alone.

    The library gives each cell all that the page has, and asks for the banners and the menu again
    for each: twice the time of the cell.
    """

    def render(self, record: Any, table: Any, **_: Any) -> str:
        return get_template(self.template_name).render({"record": record, "table": table})
