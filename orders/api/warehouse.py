"""The warehouse behind a token."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from accounts.api import too_many
from accounts.limits import PaceLimit, TooManyFailuresError
from accounts.models import ApiToken
from accounts.services.tokens import WAREHOUSES
from common.problems import problem
from establishments.models import AdministrativeBody


class RefusedMachineError(Exception):
    """``answer`` is what the machine gets."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Warehouse:
    """Who calls: an operator, by one of its tokens."""

    operator: AdministrativeBody
    name: str


def warehouse_of(request: HttpRequest, scope: ApiToken.Scope, limit: PaceLimit) -> Warehouse:
    """Raise ``RefusedMachineError`` when the token has not this use, or asks too much."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    body = token.body
    if scope not in token.scopes or body is None or body.kind not in WAREHOUSES:
        answer = problem(403, "Usage non permis", f"Ce jeton n’a pas l’usage {scope.value}.")
        raise RefusedMachineError(answer)
    try:
        limit.begin(f"token {token.pk}")
    except TooManyFailuresError as error:
        raise RefusedMachineError(too_many(error)) from error
    return Warehouse(body, f"{token.label} ({token.pk})")
