"""Play the installation of the README (« Sans Docker ») word for word, then an upgrade.

A clean clone of this repository, a new environment, Debian's PostgreSQL 15 in a temporary folder,
its roles with passwords, a mail server that keeps what it is given. Everything is stopped by
its number and removed at the end, even when interrupted; figures go to .data/install-drill.json.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from tests.deploy.drill.machine import BINARIES, Drill, DrillError
from tests.deploy.drill.steps import install

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    if not (BINARIES / "initdb").exists():
        sys.exit("Il manque PostgreSQL 15 : apt-get install postgresql-15")
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="stocks-sante-installation."))
    folder.chmod(0o755)
    drill = Drill(folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    passed = False
    try:
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, drill.clone], check=True)
        drill.start_database()
        drill.run(f"python3 -m venv {folder / 'venv'}", PATH=os.environ["PATH"])
        install(drill)
        passed = True
    except DrillError as failure:
        print(f"✗ {failure}", file=sys.stderr)
        log = folder / "services.log"
        if log.exists():
            print(log.read_text(errors="replace")[-3000:], file=sys.stderr)
    finally:
        drill.stop_services()
        drill.stop_database()
        shutil.rmtree(folder, ignore_errors=True)
    seconds = round(time.monotonic() - begun)
    report = ROOT / ".data/install-drill.json"
    report.parent.mkdir(exist_ok=True)
    told = {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
    }
    told |= {"passed": passed, "seconds": seconds, "steps": drill.steps}
    report.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{'Tout est en ordre' if passed else 'ÉCHEC'} en {seconds} s.")
    sys.exit(not passed)


if __name__ == "__main__":
    main()
