"""The interfaces for machines, played by schemathesis from their own document, by each token.

Run by `make audit`, on a real server. A planted fault is seen first: a search that cannot reach
the server, or that checks nothing, would pass too.
"""

import hashlib
import json
import os
import re
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import ApiToken
from establishments.models import AdministrativeBody
from tests.audit.site import HOST, Site
from tests.builders import make_body, make_establishment, make_region
from tests.local_server import LocalServer

pytestmark = pytest.mark.django_db(transaction=True)

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,ignored_auth"
)
EXAMPLES = 25
TOOL = Path(os.environ.get("AUDIT_TOOLS", "")) / "st"
KINDS = {
    "a pharmacy": lambda: {"establishment": make_establishment()},
    "an agency": lambda: {"body": make_body("ars", region=make_region())},
    "a warehouse": lambda: {"body": make_body(AdministrativeBody.Kind.SPF)},
    "the country": lambda: {"body": make_body(AdministrativeBody.Kind.NATIONAL)},
    "without any use": lambda: {"body": make_body(AdministrativeBody.Kind.LA_POSTE)},
}


def token(kind):
    """A token in force with every use, or with none: what it may not do is refused in words."""
    value = "jst_" + hashlib.sha256(kind.encode()).hexdigest()
    ApiToken.objects.create(
        label=kind,
        digest=hashlib.sha256(value.encode()).hexdigest(),
        scopes=[] if kind == "without any use" else list(ApiToken.Scope),
        **KINDS[kind](),
    )
    return value


@pytest.fixture
def site(transactional_db, tmp_path):
    with Site(tmp_path, application="tests.audit.unlimited:application") as started:
        yield started


def played(url, folder, value="", location=None):
    """What schemathesis says: how it ended, its words."""
    headers = ["-H", "X-Forwarded-Proto: https", "-H", f"Host: {HOST}"]
    if value:
        headers += ["-H", f"Authorization: Bearer {value}"]
    words = [
        TOOL,
        "run",
        location or f"{url}/api/v1/openapi.json",
        "--url",
        url,
        "--checks",
        CHECKS,
    ]
    words += ["--max-examples", EXAMPLES, "--seed", 8, "--phases", "examples,coverage,fuzzing"]
    words += ["--no-color", "--continue-on-failure", "--workers", 1, *headers]
    done = subprocess.run(
        [*map(str, words)], cwd=folder, capture_output=True, text=True, timeout=900, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("kind", [*KINDS, "nobody"])
def test_every_answer_is_one_that_the_document_tells(site, tmp_path, kind):
    value = "" if kind == "nobody" else token(kind)
    code, said = played(f"http://127.0.0.1:{site.port}", tmp_path, value)
    counted = re.search(r"(\d+) (?:generated|test cases)", said)
    print(f"\n{kind}: {counted[0] if counted else said[-400:]}")
    assert code == 0, said[-6000:]


class Failing(BaseHTTPRequestHandler):
    """A server that fails at everything, without a word."""

    def do_GET(self):
        self.send_response(500)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, *args):
        """Say nothing."""


def test_a_planted_fault_is_seen(tmp_path):
    """The same document, answered by a server that fails: schemathesis must say so."""
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(Client().get("/api/v1/openapi.json").json()))
    server = LocalServer()
    server.serve(HTTPServer(("127.0.0.1", 0), Failing))
    try:
        code, said = played(server.url, tmp_path, location=document)
    finally:
        server.stop()
    assert code == 1, said[-2000:]
    assert "Server error" in said
