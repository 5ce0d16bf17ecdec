"""What the task worker does for PASREL: tell an application that somebody's session is over."""

import time
import uuid

import jwt
import requests
from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.identity.keys import signing_key
from accounts.models import SignOn

QUEUE = "identity"
PATIENCE = 10  # seconds
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@app.task(queue=QUEUE, retry=RetryStrategy(max_attempts=6, exponential_wait=4))
def tell_logout(number: int) -> None:
    """Send the signed notice of OpenID Connect Back-Channel Logout 1.0; tried again if it fails."""
    related = SignOn.objects.select_related("application__client", "user")
    sign_on = related.get(pk=number)
    answer = requests.post(
        sign_on.application.logout_uri,
        data={"logout_token": logout_token(sign_on)},
        timeout=PATIENCE,
        allow_redirects=False,
    )
    answer.raise_for_status()


def logout_token(sign_on: SignOn) -> str:
    now = int(time.time())
    key = signing_key()
    claims = {
        "iss": settings.OIDC_ISSUER,
        "aud": sign_on.application.client_id,
        "sub": str(sign_on.user.public_id),
        "sid": str(sign_on.public_id),
        "iat": now,
        "exp": now + 120,
        "jti": uuid.uuid4().hex,
        "events": {EVENT: {}},
    }
    headers = {"kid": key.number, "typ": "logout+jwt"}
    return jwt.encode(claims, key.pem, algorithm="RS256", headers=headers)
