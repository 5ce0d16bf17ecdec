"""What deploy/ says, read once."""

import re
from pathlib import Path

import yaml
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
KUBERNETES = ROOT / "deploy/kubernetes"
APPLICATION = ("Deployment", "Job")
SECRET_NAME = re.compile(r"PASSWORD|SECRET|KEY|TOKEN|_URL$")


def documents():
    """Every object of Kubernetes, with the file it comes from."""
    for path in sorted(KUBERNETES.glob("[0-9]*.yaml")):
        for one in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            yield path.name, one


def of_kind(*kinds):
    return [one for _, one in documents() if one["kind"] in kinds]


def pod_of(one):
    return one["spec"]["template"]["spec"]


def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def secrets_in(tree, path=()):
    """Values that look like a secret written down: a password's name beside plain text."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from secrets_in(value, (*path, str(name)))
        if {"name", "value"} <= set(tree) and SECRET_NAME.search(str(tree["name"])):
            yield ".".join((*path, tree["name"]))
    elif isinstance(tree, list):
        for rank, value in enumerate(tree):
            yield from secrets_in(value, (*path, str(rank)))
    elif isinstance(tree, str) and (
        re.search(r"://[^/\s:@]+:[^@\s${]+@|BEGIN [A-Z ]*PRIVATE KEY", tree)
        or (path and re.fullmatch(r"[A-Z_]*(PASSWORD|SECRET|KEY|TOKEN)", path[-1]))
    ):
        yield ".".join(path)
