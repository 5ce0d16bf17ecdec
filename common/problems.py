"""What machines are told when something is refused: « problem details » in JSON (RFC 9457)."""

from typing import Any

from django.http import JsonResponse

TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str, **more: Any) -> JsonResponse:
    """``title`` is the same for all of a kind; ``detail`` tells this case, in French."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    response = JsonResponse(
        told | more, status=status, content_type=TYPE, json_dumps_params={"ensure_ascii": False}
    )
    response["Cache-Control"] = "no-store"
    return response
