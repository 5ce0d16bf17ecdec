"""Advisories kept in a folder, in OSV form, answered as the service of osv.dev does.

For machines that reach no advisory service: the folder is carried there (the archive of osv.dev
for PyPI, unpacked). pip-audit asks this instead.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

Advisory = dict[str, Any]


class Feed:
    """The advisories of a folder, by package; withdrawn ones are left out."""

    def __init__(self, folder: Path) -> None:
        self.by_package: dict[str, list[Advisory]] = defaultdict(list)
        self.newest = datetime.min.replace(tzinfo=UTC)
        for path in sorted(folder.rglob("*.json")):
            self._add(json.loads(path.read_text(encoding="utf-8")))

    def _add(self, advisory: Advisory) -> None:
        told = advisory.get("modified") or advisory.get("published")
        if told:
            self.newest = max(self.newest, datetime.fromisoformat(told.replace("Z", "+00:00")))
        if advisory.get("withdrawn"):
            return
        names = {canonicalize_name(one["package"]["name"]) for one in python_packages(advisory)}
        for name in names:
            self.by_package[name].append(advisory)

    def about(self, name: str, version: str) -> list[Advisory]:
        """Those that concern this version of this package."""
        name = canonicalize_name(name)
        return [
            advisory
            for advisory in self.by_package.get(name, [])
            if any(
                concerns(one, version)
                for one in python_packages(advisory)
                if canonicalize_name(one["package"]["name"]) == name
            )
        ]


def python_packages(advisory: Advisory) -> Iterator[Advisory]:
    for one in advisory.get("affected", []):
        if one.get("package", {}).get("ecosystem") == "PyPI":
            yield one


def concerns(affected: Advisory, version: str) -> bool:
    """By the list of its versions, or by the ranges between which it was faulty."""
    if version in affected.get("versions", []):
        return True
    ranges = [one for one in affected.get("ranges", []) if one.get("type") == "ECOSYSTEM"]
    return any(is_within(one["events"], version) for one in ranges)


def is_within(events: list[dict[str, str]], version: str) -> bool:
    """The events in the order of the versions: each opens or closes a span."""
    asked, faulty = Version(version), False
    for kind, at in sorted(_marks(events), key=lambda mark: mark[1]):
        if kind == "introduced" and at <= asked:
            faulty = True
        elif (kind == "fixed" and at <= asked) or (kind == "last_affected" and at < asked):
            faulty = False
    return faulty


def _marks(events: list[dict[str, str]]) -> Iterator[tuple[str, Version]]:
    for event in events:
        for kind, text in event.items():
            try:
                yield kind, Version(text)
            except InvalidVersion:
                continue  # « limit: * », or a number that no package of ours could have


class _Answers(BaseHTTPRequestHandler):
    feed: Feed

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = self.feed.about(asked["package"]["name"], asked["version"])
        body = json.dumps({"vulns": found} if found else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing: the report says it all."""


class FeedServer:
    """``with FeedServer(feed) as url``: answers on this machine only, until the end."""

    def __init__(self, feed: Feed) -> None:
        answers = type("Answers", (_Answers,), {"feed": feed})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), answers)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/v1/query"

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.server.server_close()
