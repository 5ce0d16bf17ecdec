"""The addresses of the lists of products, and of the national screens that change them."""

from django.urls import URLPattern, path, register_converter

from medications.models import MonitoredList
from medications.reach import Reach
from medications.views.decisions import (
    EndView,
    FollowView,
    FrequencyView,
    PriorityView,
    RegroupView,
)
from medications.views.lists import list_file, product, product_list
from medications.views.settings import choose_product, new_product, settings
from medications.views.thresholds import ThresholdsView

APP_NAME = "medications"
LISTS = {
    "medicaments/ucd": MonitoredList.Slug.OTHERS.value,
    "vaccins/grippe/ucd": MonitoredList.Slug.FLU.value,
    "vaccins/covid/ucd": MonitoredList.Slug.COVID.value,
    "vaccins/dispositifs": MonitoredList.Slug.DEVICES.value,
}


class ListAddress:
    """The address of a list, as people know it, for its short name."""

    regex = "|".join(LISTS)

    def to_python(self, value: str) -> str:
        return LISTS[value]

    def to_url(self, value: str) -> str:
        for address, slug in LISTS.items():
            if slug == value:
                return address
        raise ValueError(value)  # for Django: this is no address


register_converter(ListAddress, "ucd_list")
SETTINGS = "national/listes/"
PRODUCT = f"{SETTINGS}produits/<slug:code>/"
DECISIONS = {
    "settings_end": (f"{PRODUCT}terminer/", EndView),
    "settings_priority": (f"{PRODUCT}priorite/", PriorityView),
    "settings_regroup": (f"{PRODUCT}regrouper/", RegroupView),
    "settings_follow": (f"{SETTINGS}<slug:slug>/ajouter/<slug:code>/", FollowView),
    "settings_frequency": (f"{SETTINGS}<slug:slug>/frequence/", FrequencyView),
    "settings_thresholds": ("national/seuils/", ThresholdsView),
}


def addresses(reach: Reach) -> tuple[list[URLPattern], str]:
    """For ``include``: the national screens ask ``reach`` whom their decisions concern."""
    decisions = [
        path(address, view.as_view(reach=reach), name=name)
        for name, (address, view) in DECISIONS.items()
    ]
    others = [
        path("<ucd_list:slug>/", product_list, name="list"),
        path("<ucd_list:slug>/fichier/<str:kind>/", list_file, name="list_file"),
        path("produits/<slug:code>/", product, name="product"),
        path(SETTINGS, settings, name="settings"),
        path(f"{SETTINGS}<slug:slug>/ajouter/", choose_product, name="settings_add"),
        path(f"{SETTINGS}<slug:slug>/nouveau/", new_product, name="settings_new"),
    ]
    return [*others, *decisions], APP_NAME
