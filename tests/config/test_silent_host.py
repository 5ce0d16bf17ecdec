"""A host of the database that falls silent, closing nothing, is given up in seconds."""

import json

import pytest

from tests.config.test_checks import PRODUCTION, start

SHOWN = """
from config.wsgi import application
import json
from django.conf import settings
print(json.dumps({name: one["OPTIONS"] for name, one in settings.DATABASES.items()}))
"""
REPLICA = {"DATABASE_REPLICA_URL": "postgresql://web@other.example/stocks"}


def options(tmp_path, **given):
    return json.loads(start(tmp_path, SHOWN, **PRODUCTION | given).splitlines()[-1])


def waits(one):
    """Seconds to connect, until what was sent is received, until an answer is doubted."""
    return one["connect_timeout"], one["tcp_user_timeout"] / 1000, one["keepalives_idle"]


@pytest.mark.parametrize("role", ["web", "owner"])
def test_each_address_has_its_limits_the_replica_lower_ones(tmp_path, role):
    found = options(tmp_path, DATABASE_ROLE=role, **REPLICA)
    assert waits(found["default"]) == (10, 15, 5)
    assert waits(found["replica"]) == (2, 5, 5)


def test_an_address_may_say_otherwise(tmp_path):
    address = f"{PRODUCTION['DATABASE_URL']}?connect_timeout=3&sslmode=require"
    found = options(tmp_path, DATABASE_URL=address)["default"]
    assert (int(found["connect_timeout"]), found["sslmode"]) == (3, "require")
    assert found["tcp_user_timeout"] == 15_000
