"""The addresses for machines, `/api/v1/`: each app offers its part, told in one document."""

from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.views.generic import RedirectView
from ninja import Swagger
from ninja.errors import AuthenticationError, HttpError, ValidationError

from accounts.api import router as accounts_router
from common.problems import problem
from common.unreadable import is_unreadable
from config.api_document import DocumentedAPI
from establishments.access import machine, public
from orders.api import ROUTERS as ORDER_ROUTERS
from pui.api import ROUTERS as PUI_ROUTERS
from steering.api import ROUTERS as STEERING_ROUTERS

DOCUMENTATION = {"api-root", "openapi-json", "openapi-view"}
OPEN_DATA = {"datasets", "dataset", "dataset_schema"}

api = DocumentedAPI(
    title=f"{settings.PRODUCT_NAME}, interfaces pour les machines",
    version="1",
    description="Toute réponse d’erreur est un «\u00a0problem\u00a0» JSON (RFC 9457), en français.",
    urls_namespace="api",
    docs=Swagger(settings={"persistAuthorization": False, "tryItOutEnabled": False}),
)
api.add_router("/comptes", accounts_router)
for router in (*PUI_ROUTERS, *ORDER_ROUTERS, *STEERING_ROUTERS):
    api.add_router("", router)


@api.exception_handler(AuthenticationError)
def not_known(request: HttpRequest, error: Exception) -> HttpResponse:
    """Nothing shown, or a token that opens nothing: which of the three is for its owner to see."""
    if not request.headers.get("Authorization", "").lower().startswith("bearer "):
        response = problem(
            401, "Jeton manquant", "Montrez un jeton en service (Authorization: Bearer …)."
        )
        response["WWW-Authenticate"] = "Bearer"
        return response
    response = problem(
        401,
        "Jeton refusé",
        "Ce jeton est inconnu, expiré ou révoqué. Son état se lit dans PLAGE, page "
        "«\u00a0Jetons d’API\u00a0», où l’administrateur principal en fait un autre.",
    )
    response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which fields, and what is wrong; what was sent is not repeated."""
    faults = [
        {"champ": ".".join(map(str, one["loc"])), "code": one["type"]} for one in error.errors
    ]
    return problem(
        422, "Demande mal formée", "Un champ manque ou n’a pas la forme attendue.", champs=faults
    )


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: Exception) -> HttpResponse:
    megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1024 / 1024
    text = f"{megabytes:.1f}".replace(".", ",")
    return problem(
        413, "Demande trop grande", f"Le corps d’une demande fait au plus {text}\u00a0Mo."
    )


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == HTTPStatus.BAD_REQUEST:  # the library says so of a body it cannot read
        return problem(
            400, "Demande illisible", "Le corps de la demande n’est pas du JSON lisible."
        )
    return problem(error.status_code, "Demande refusée", str(error))


@api.exception_handler(DataError)
def unreadable(request: HttpRequest, error: DataError) -> HttpResponse:
    if not is_unreadable(error):
        raise error
    return problem(400, "Demande illisible", "Un texte de la demande contient un caractère nul.")


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404, "Introuvable", "Il n’y a rien à cette adresse.")


def declared(patterns: list[URLResolver | URLPattern]) -> list[URLResolver | URLPattern]:
    """Say of each address who it is for; the login page is not what a machine must be answered."""
    for one in patterns:
        if isinstance(one, URLResolver):
            continue
        if one.name == "api-root":
            one.callback = RedirectView.as_view(pattern_name="api:openapi-view")
        one.callback = (public if one.name in DOCUMENTATION | OPEN_DATA else machine)(one.callback)
    return patterns


patterns, app_name, namespace = api.urls
urls = (declared(patterns), app_name, namespace)
