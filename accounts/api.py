"""What machines ask of accounts, with a token of their entity: « Authorization: Bearer … »."""

import math

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.security import HttpBearer

from accounts.limits import TooManyFailuresError
from accounts.models import ApiToken
from accounts.services.existence import OutOfReachError, Question, account_exists
from accounts.services.tokens import token_shown
from common.identifiers import IdentifierError, normalize_finess
from common.problems import problem


class TokenAuth(HttpBearer):
    """A token in force; the scope is checked by each operation, which answers 403 without it."""

    openapi_description = "Jeton d’API fait dans PLAGE, page «\u00a0Jetons d’API\u00a0»."

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        request.role_letter = "M"  # type: ignore[attr-defined]  # a machine, for the log
        return token_shown(token)


router = Router(tags=["Comptes"], auth=TokenAuth())


class ExistenceQuestion(Schema):
    courriel: str = Field(
        max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$", examples=["camille.durand@ch.example"]
    )
    finess: str = Field(
        max_length=20,
        description="Numéro de l’établissement ou de l’entité juridique, avec ou sans espaces.",
        examples=["450990114"],
    )


class ExistenceAnswer(Schema):
    existe: bool = Field(description="Un compte ouvert y a un profil actif.")
    demande: str | None = Field(
        description="Quand il n’existe pas\u00a0: où la personne demande un compte et un profil."
    )


@router.post(
    "/existence",
    response=ExistenceAnswer,
    url_name="account_exists",
    summary="Interroger l’existence d’un compte",
)
def existence(
    request: HttpRequest, question: ExistenceQuestion
) -> HttpResponse | dict[str, object]:
    """Dire si une personne, connue par son adresse, a un compte en service sur un numéro FINESS.

    Usage du jeton\u00a0: `account.exists`. Trente questions par minute et trois cents par heure
    pour un jeton\u00a0; au-delà, 429 et `Retry-After`. Chaque question est inscrite au journal.
    """
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    if ApiToken.Scope.ACCOUNT_EXISTS not in token.scopes:
        return problem(403, "Usage non permis", "Ce jeton n’a pas l’usage account.exists.")
    try:
        asked = Question(question.courriel.strip().lower(), normalize_finess(question.finess))
        found = account_exists(asked, token=token)
    except IdentifierError as error:
        return problem(422, "Demande mal formée", str(error))
    except OutOfReachError:
        return problem(404, "Introuvable", "Ce numéro FINESS n’est pas à la portée de ce jeton.")
    except TooManyFailuresError as limit:
        return too_many(limit)
    signup = None if found else request.build_absolute_uri(reverse("account_signup"))
    return {"existe": found, "demande": signup}


def too_many(limit: TooManyFailuresError) -> HttpResponse:
    wait = max(1, math.ceil((limit.until - timezone.now()).total_seconds()))
    response = problem(
        429, "Trop de questions", f"Trop de demandes à la fois\u00a0: attendez {wait}\u00a0s."
    )
    response["Retry-After"] = str(wait)
    return response
