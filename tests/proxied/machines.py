"""Two web machines and a proxy, on 127.0.0.1: each has a folder of its own, as two hosts would.

They share the database and the folder of received files, no more: that is what the documentation
asks of an operator (docs/operations/scale.md).
"""

import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.programs import gunicorn, kill_whole
from tests.proxied.people import HOST

PROXY = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_max_body_size 320m;
  upstream web {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
    add_header X-Served-By $upstream_addr always;
    location / {{
      proxy_pass http://web;
      proxy_connect_timeout 2s;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
    }}
  }}
}}
"""


class Machine:
    """A gunicorn as the Dockerfile starts it, with a DATA_DIR that the other does not see."""

    def __init__(self, folder: Path, port: int, shared: Path, environment: dict) -> None:
        self.folder, self.port = folder, port
        folder.mkdir()
        (folder / "files").symlink_to(shared)
        self.environment = environment | {"DATA_DIR": str(folder)}
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with open(self.folder / "web.log", "a") as log:
            self.process = subprocess.Popen(
                gunicorn(self.port), env=self.environment, stdout=log, stderr=log
            )
        self.wait()

    def wait(self) -> None:
        headers = {"Host": HOST, "X-Forwarded-Proto": "https"}
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}/robots.txt", headers=headers)
        for _ in range(200):
            try:
                urllib.request.urlopen(asked, timeout=2).read()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise SystemExit(f"La machine {self.port} ne répond pas : {self.folder}/web.log")

    def stop(self) -> None:
        """As an upgrade does: what is under way is finished."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(40)

    def kill(self) -> None:
        """As a host that loses its power."""
        kill_whole(self.process.pid)
        self.process.wait()


class Proxy:
    def __init__(self, folder: Path, port: int, machines: list[Machine]) -> None:
        self.port = port
        servers = " ".join(
            f"server 127.0.0.1:{one.port} max_fails=1 fail_timeout=2s;" for one in machines
        )
        self.settings = folder / "nginx.conf"
        self.settings.write_text(PROXY.format(folder=folder, port=port, servers=servers))

    def start(self) -> None:
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        self.process = subprocess.Popen([program, "-c", self.settings, "-e", "/dev/null"])
        time.sleep(0.5)
        if self.process.poll() is not None:
            raise SystemExit("Le serveur frontal n’a pas démarré.")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
