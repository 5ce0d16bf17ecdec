"""The datasets as other tools read them: a Data Package, and a DCAT catalogue."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from pui.feeds.schema import Dictionary
from pui.open_data.columns import OPEN_STOCKS
from pui.open_data.files import LICENCE
from steering.open_data.dataset import Dataset
from steering.open_data.files import dictionary_of, manifest_of
from steering.open_data.sets import DATASETS

CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
}
PHARMACIES_SUMMARY: Final = "Stocks des pharmacies à usage intérieur, par UCD de référence."
PHARMACIES_NOTES: Final = (
    "Une échéance est publiée quand plus rien ne peut y être déclaré, et ne change plus\u00a0: une "
    "correction ultérieure n’y est pas.",
    "Sont comptées les PUI qui ont déclaré, à cette échéance, le stock et la consommation du "
    "produit. Une PUI qui n’a pas déclaré n’est pas estimée.",
    "La couverture est la somme des stocks ÷ la somme des consommations des mêmes PUI.",
    "Pas de total par DCI\u00a0: additionnez les UCD de référence qui ne sont pas secrètes.",
)


@dataclass(frozen=True, slots=True)
class Described:
    """A dataset as its page tells it, whichever floor publishes it."""

    slug: str
    dictionary: Dictionary
    summary: str
    frequency: str
    unit: str
    notes: tuple[str, ...]
    indicators: tuple[str, ...]
    is_masked: bool
    manifest: dict[str, Any]

    @property
    def title(self) -> str:
        return self.dictionary.title

    @property
    def files(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.manifest.get("files", [])
        return found

    @property
    def last(self) -> str:
        """The last period published, as its first day."""
        return str(self.files[0]["last"]) if self.files else ""


def every_dataset() -> list[Described]:
    return [_pharmacies(), *map(_own, DATASETS.values())]


def described(slug: str) -> Described | None:
    if slug == OPEN_STOCKS.name:
        return _pharmacies()
    return _own(DATASETS[slug]) if slug in DATASETS else None


def _pharmacies() -> Described:
    return Described(
        OPEN_STOCKS.name,
        OPEN_STOCKS,
        PHARMACIES_SUMMARY,
        "À la clôture de chaque échéance",
        "Échéance du",
        PHARMACIES_NOTES,
        ("couverture-medicament",),
        is_masked=True,
        manifest=manifest_of(OPEN_STOCKS.name),
    )


def _own(one: Dataset) -> Described:
    return Described(
        one.slug,
        one.dictionary,
        one.summary,
        one.frequency,
        one.unit,
        tuple(one.notes),
        tuple(one.indicators),
        one.is_masked,
        manifest_of(one.slug),
    )


def schema_of(slug: str) -> dict[str, Any] | None:
    """The Table Schema of a dataset."""
    dictionary = dictionary_of(slug)
    return dictionary.as_json(licenses=[LICENCE]) if dictionary else None


def data_package(address: Callable[[str], str]) -> dict[str, Any]:
    """https://specs.frictionlessdata.io/data-package/ ; ``address`` of a file by its name."""
    return {
        "name": "donnees-ouvertes",
        "title": f"{settings.PRODUCT_NAME}, données ouvertes",
        "licenses": [LICENCE],
        "resources": [
            {
                "name": file["name"],
                "title": f"{one.title}, {file['title'].lower()}",
                "path": address(file["name"]),
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "profile": "tabular-data-resource",
                "schema": schema_of(one.slug),
            }
            for one in every_dataset()
            for file in one.files
        ],
    }


def dcat(page: Callable[[str], str], address: Callable[[str], str]) -> dict[str, Any]:
    """A catalogue that data portals harvest (DCAT, in JSON-LD)."""
    return {
        "@context": CONTEXT,
        "@type": "dcat:Catalog",
        "dct:title": f"{settings.PRODUCT_NAME}, données ouvertes",
        "dct:license": LICENCE["path"],
        "dcat:dataset": [
            {
                "@type": "dcat:Dataset",
                "@id": page(one.slug),
                "dct:identifier": one.slug,
                "dct:title": one.title,
                "dct:description": one.summary,
                "dct:accrualPeriodicity": one.frequency,
                "dct:modified": one.manifest.get("made_at", ""),
                "dcat:distribution": [
                    {
                        "@type": "dcat:Distribution",
                        "dct:title": file["title"],
                        "dcat:downloadURL": address(file["name"]),
                        "dcat:mediaType": "text/csv",
                    }
                    for file in one.files
                ],
            }
            for one in every_dataset()
        ],
    }
