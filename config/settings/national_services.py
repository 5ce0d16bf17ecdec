"""What the environment says of the national services that log people in."""

import os
from typing import Any

PSC_SERVER = (
    "https://auth.esw.esante.gouv.fr/auth/realms/esante-wallet"
    "/.well-known/wallet-openid-configuration"
)
PROCONNECT_SERVER = "https://proconnect.gouv.fr/api/v2"
TWO_FACTORS = "https://proconnect.gouv.fr/assurance"


def ways_in() -> dict[str, dict[str, Any]]:
    """The national services that log people in: those whose client number is given, no other."""
    services = {
        "pro-sante-connect": _pro_sante_connect(),
        "proconnect": _proconnect(),
    }
    return {name: one for name, one in services.items() if one["client_id"]}


def providers(services: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The same, as allauth reads them."""
    return {
        one["provider"]: {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": name,
                    "name": one["name"],
                    "client_id": one["client_id"],
                    "secret": one["secret"],
                    "settings": {
                        "server_url": one["server_url"],
                        "scope": one["scope"],
                        "auth_params": {"acr_values": " ".join(one["asked_acr"])},
                        "accepted_acr": one["accepted_acr"],
                        "two_factor_acr": one["two_factor_acr"],
                    },
                }
            ],
        }
        for name, one in services.items()
    }


def _pro_sante_connect() -> dict[str, Any]:
    """« eidas1 » is what its cards and its mobile application answer: two factors, always."""
    return {
        "provider": "pro_sante_connect",
        "name": "Pro Santé Connect",
        "client_id": os.environ.get("PSC_CLIENT_ID", ""),
        "secret": os.environ.get("PSC_CLIENT_SECRET", ""),
        "server_url": os.environ.get("PSC_SERVER_URL") or PSC_SERVER,
        "scope": ["openid", "scope_all"],
        "asked_acr": ["eidas1"],
        "accepted_acr": ["eidas1", "eidas2", "eidas3"],
        "two_factor_acr": ["eidas1", "eidas2", "eidas3"],
        "origins": _words(
            "PSC_ORIGINS", "https://wallet.esw.esante.gouv.fr https://auth.esw.esante.gouv.fr"
        ),
    }


def _proconnect() -> dict[str, Any]:
    """Any identity of an administration; two factors only when the answer says so."""
    proved = ["eidas2", "eidas3", f"{TWO_FACTORS}/self-asserted-2fa"]
    proved.append(f"{TWO_FACTORS}/consistency-checked-2fa")
    single = ["eidas1", f"{TWO_FACTORS}/self-asserted", f"{TWO_FACTORS}/consistency-checked"]
    return {
        "provider": "proconnect",
        "name": "ProConnect",
        "client_id": os.environ.get("PROCONNECT_CLIENT_ID", ""),
        "secret": os.environ.get("PROCONNECT_CLIENT_SECRET", ""),
        "server_url": os.environ.get("PROCONNECT_SERVER_URL") or PROCONNECT_SERVER,
        "scope": ["openid", "given_name", "usual_name", "email", "uid", "siret"],
        "asked_acr": _words("PROCONNECT_ACR", "eidas1"),
        "accepted_acr": [*single, *proved],
        "two_factor_acr": proved,
        "origins": _words("PROCONNECT_ORIGINS", "https://proconnect.gouv.fr"),
    }


def _words(name: str, default: str) -> list[str]:
    return (os.environ.get(name) or default).split()
