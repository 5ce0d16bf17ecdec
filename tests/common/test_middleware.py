"""What every answer carries."""

import pytest
from csp.constants import HEADER
from csp.utils import build_policy
from django.http import HttpResponse
from django.test import RequestFactory

from common.middleware import ContentPolicyMiddleware


@pytest.mark.parametrize("status", [200, 404, 500])
def test_each_answer_carries_the_policy_of_the_settings_whatever_its_status(status):
    middleware = ContentPolicyMiddleware(lambda request: HttpResponse(status=status))

    response = middleware(RequestFactory().get("/"))

    assert response[HEADER] == build_policy()
    assert "'nonce-" not in response[HEADER]
