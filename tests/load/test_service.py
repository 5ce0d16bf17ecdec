"""Whatever is started under load ends with the command, also when the command is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from smtplib import SMTP

from tests.load.service import ROOT, Service, start, stop

PARENT = """
import sys
from pathlib import Path
from tests.load.service import start
child = start(["sleep", "60"], {"PATH": "/usr/bin:/bin"}, Path(sys.argv[1]))
print(child.pid, flush=True)
sys.stdin.read()
"""


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_was_started_ends_with_a_command_that_is_killed(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path / "log"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as parent:  # fmt: skip
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.send_signal(signal.SIGKILL)
    end = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not is_alive(child)


def test_stopping_twice_is_stopping_once(tmp_path):
    process = start(["sleep", "60"], {"PATH": "/usr/bin:/bin"}, tmp_path / "log")
    stop(process)
    stop(process)
    assert process.poll() is not None


def test_the_settings_are_those_of_production_on_this_machine_alone(tmp_path, monkeypatch):
    (tmp_path / "secret_key").write_text("s" * 60)
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("DEMO", "1")
    service = Service(tmp_path)
    found = service.environment
    assert found["DATABASE_URL"].startswith("postgresql://stocks_web@%2F")
    assert found["SECRET_KEY"] == "s" * 60
    assert service.url.startswith("http://127.0.0.1:")
    assert not {"CI", "DEMO", "DATABASE_ROLE"} & found.keys()  # CI would not wait for the disk


def test_the_mail_server_of_the_load_takes_a_mail(tmp_path):
    service = Service(tmp_path)
    words = [sys.executable, "-m", "tests.load.sink", service.smtp_port]
    process = start(words, os.environ | {"PYTHONPATH": str(ROOT)}, tmp_path / "log")
    try:
        wait_for(service.smtp_port)
        with SMTP("127.0.0.1", service.smtp_port, timeout=10) as link:
            refused = link.sendmail("a@x.example", ["b@y.example"], "Subject: x\r\n\r\n.\r\nfin")
        assert refused == {}
    finally:
        stop(process)


def wait_for(port):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
