"""`GET /api/v1/donnees`: the open data, for anybody, from the files already made."""

from itertools import islice
from typing import Annotated, Any

from allauth.core.internal.httpkit import get_client_ip
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import Field

from accounts.api import too_many
from accounts.limits import FailureLimit, TooManyFailuresError
from steering.open_data.catalogue import every_dataset, schema_of
from steering.open_data.files import dictionary_of, path_of, read_rows, typed_rows

READ = FailureLimit("open_data", ((60, 60), (600, 3600)))
MOST, USUAL = 1_000, 200

router = Router(tags=["Données ouvertes"], auth=None)


class SetShown(Schema):
    """Un jeu de données publié."""

    jeu: str = Field(description="Son identifiant, dans les adresses.")
    titre: str
    frequence: str
    derniere_periode: str = Field(description="Premier jour\u00a0; vide\u00a0: rien de publié.")
    annees: list[str]
    page: str


class Asked(Schema):
    """Ce qui est lu\u00a0; la dernière période par défaut."""

    annee: str | None = Field(None, pattern=r"^[0-9]{4}$", description="Toute une année.")
    region: str | None = Field(
        None, pattern=r"^[0-9A-Z]{2,3}$", description="Code INSEE d’une région, ou FR."
    )
    apres: int = Field(0, ge=0, le=10_000_000, description="La `suite` de la page d’avant.")
    limite: int = Field(USUAL, ge=1, le=MOST, description="Lignes par page.")


class RowsPage(Schema):
    lignes: list[dict[str, Any]]
    suite: int | None = Field(description="À donner dans `apres`\u00a0; null\u00a0: c’est la fin.")


@router.get(
    "/donnees",
    response=list[SetShown],
    url_name="datasets",
    summary="Lister les données ouvertes",
)
def datasets(request: HttpRequest) -> HttpResponse | list[SetShown]:
    """Lister les jeux de données publiés. Sans jeton\u00a0; soixante demandes par minute."""
    if refused := _refusal(request):
        return refused
    return [
        SetShown(
            jeu=one.slug,
            titre=one.title,
            frequence=one.frequency,
            derniere_periode=one.last,
            annees=[file["name"][-4:] for file in one.files[1:]],
            page=request.build_absolute_uri(reverse("open_data_set", args=[one.slug])),
        )
        for one in every_dataset()
    ]


@router.get(
    "/donnees/{jeu}",
    response=RowsPage,
    url_name="dataset",
    summary="Lire un jeu de données, page par page",
)
def dataset(
    request: HttpRequest, jeu: str, asked: Annotated[Asked, Query()]
) -> HttpResponse | RowsPage:
    """Lire les lignes d’un jeu, telles qu’elles sont dans son fichier.

    Sans jeton\u00a0; soixante demandes par minute, six cents par heure. Une ligne secrète garde ses
    clés, ses chiffres sont `null`.
    """
    if refused := _refusal(request):
        return refused
    dictionary = dictionary_of(jeu)
    path = path_of(f"{jeu}-{asked.annee}" if asked.annee else jeu)
    if dictionary is None or path is None:
        raise Http404
    rows = read_rows(path)
    header = next(rows, [])
    if asked.region and "region" in header:
        at = header.index("region")
        rows = (row for row in rows if row[at] == asked.region)
    found = list(islice(rows, asked.apres, asked.apres + asked.limite + 1))
    page, is_last = found[: asked.limite], len(found) <= asked.limite
    return RowsPage(
        lignes=typed_rows(page, dictionary),
        suite=None if is_last else asked.apres + asked.limite,
    )


@router.get(
    "/donnees/{jeu}/schema",
    url_name="dataset_schema",
    summary="Lire le dictionnaire des colonnes (Table Schema)",
)
def dataset_schema(request: HttpRequest, jeu: str) -> HttpResponse | dict[str, Any]:
    """Le nom, le type, le sens et les contraintes de chaque colonne."""
    schema = schema_of(jeu)
    if schema is None:
        raise Http404
    return schema


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """By address: a hospital has one for all its people, so the limits are wide."""
    try:
        READ.begin(get_client_ip(request) or "")
    except TooManyFailuresError as limit:
        return too_many(limit)
    return None
