"""The inventory of components (SBOM, CycloneDX), and whether it tells all that is installed."""

import json
import subprocess
from pathlib import Path

from audit.dependencies import ROOT, pinned

LOCK = "requirements/base.txt"


def write(program: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    words = [program, "requirements", LOCK, "--output-format", "JSON", "--output-file", path]
    subprocess.run([*map(str, words)], cwd=ROOT, check=True, capture_output=True)  # noqa: S603


def faults(path: Path, packages: dict[str, str] | None = None) -> list[str]:
    """Each package of the service, in its version, with the digest it is installed by."""
    told = json.loads(path.read_text(encoding="utf-8"))
    if told.get("bomFormat") != "CycloneDX":
        return ["l’inventaire n’est pas au format CycloneDX"]
    components = {one["name"].lower().replace("_", "-"): one for one in told["components"]}
    wrong = []
    for name, version in (packages or pinned(LOCK)).items():
        component = components.get(name.replace("_", "-"), {})
        if component.get("version") != version:
            wrong.append(f"absent de l’inventaire\u00a0: {name} {version}")
        elif "SHA-256" not in json.dumps(component):
            wrong.append(f"sans empreinte\u00a0: {name} {version}")
    return wrong
