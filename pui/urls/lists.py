"""The address under which the stocks of each list are transmitted, one a list [000]."""

from django.urls import register_converter

from medications.models import MonitoredList

STOCKS = {
    "medicaments/transmission": MonitoredList.Slug.OTHERS.value,
    "vaccins/grippe/stock": MonitoredList.Slug.FLU.value,
    "vaccins/covid/stock": MonitoredList.Slug.COVID.value,
    "vaccins/dispositifs/stock": MonitoredList.Slug.DEVICES.value,
}


class StockAddress:
    """``<stock_list:slug>``: the address of a list, for its short name."""

    regex = "|".join(STOCKS)

    def to_python(self, value: str) -> str:
        return STOCKS[value]

    def to_url(self, value: str) -> str:
        for address, slug in STOCKS.items():
            if slug == value:
                return address
        raise ValueError(value)  # for Django: this is no address


register_converter(StockAddress, "stock_list")
