"""What each address for machines may answer besides what was asked, told in its document."""

from typing import Any

from ninja import NinjaAPI

PROBLEM = {
    "type": "object",
    "title": "Problème",
    "description": "«\u00a0problem details\u00a0» (RFC 9457), en français.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}
OF_ALL = {
    400: "La demande n’est pas lisible.",
    404: "Introuvable, ou hors de la portée du jeton.",
    422: "Un champ manque ou n’a pas la forme attendue.",
    503: "Le service est occupé ou fermé un instant\u00a0: voyez Retry-After.",
}
OF_A_TOKEN = {
    401: "Le jeton manque, ou n’est pas en service.",
    403: "Le jeton n’a pas cet usage.",
    429: "Trop de demandes\u00a0: attendez le temps de Retry-After.",
}
OF_A_WRITING = {
    409: "Ce qui est envoyé contredit ce qui a déjà été reçu.",
    413: "Le corps de la demande est trop grand.",
}


class DocumentedAPI(NinjaAPI):
    """Each operation tells its refusals too: whoever writes a program has to foresee them."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        document = super().get_openapi_schema(*args, **kwargs)
        document.setdefault("components", {}).setdefault("schemas", {})["Probleme"] = PROBLEM
        for operations in document["paths"].values():
            for method, operation in operations.items():
                refusals = _refusals(method, operation).items()
                told = {status: _answer(text) for status, text in refusals}
                operation["responses"] = told | operation["responses"]
        return document


def _refusals(method: str, operation: dict[str, Any]) -> dict[int, str]:
    told = dict(OF_ALL)
    if operation.get("security"):
        told |= OF_A_TOKEN
    if method != "get":
        told |= OF_A_WRITING
    return told


def _answer(text: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Probleme"}
    return {"description": text, "content": {"application/problem+json": {"schema": reference}}}
