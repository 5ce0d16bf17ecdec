"""The manifests hold what they promise; their schemas are checked by scripts/check-deploy."""

import re

import pytest
import yaml

from config.database_roles import ROLES
from tests.config.test_documentation import variables_read
from tests.deploy.files import APPLICATION, KUBERNETES, ROOT, documents, of_kind, pod_of, secrets_in

WRITTEN = {"/tmp", "/data"}  # noqa: S108
GUIDE = (ROOT / "docs/operations/kubernetes.md").read_text(encoding="utf-8")


def containers():
    return [
        (one["metadata"]["name"], pod_of(one), pod_of(one)["containers"][0])
        for one in of_kind(*APPLICATION)
    ]


def address_of(container, name="DATABASE_URL"):
    given = {one["name"]: one for one in container["env"]}
    return given[name]["valueFrom"]["secretKeyRef"]["key"]


def test_no_secret_is_written():
    assert of_kind("Secret") == []
    assert [found for _, one in documents() for found in secrets_in(one)] == []


@pytest.mark.parametrize(
    "text",
    [
        "data: {SECRET_KEY: abc}",
        "env: [{name: EMAIL_HOST_PASSWORD, value: abc}]",
        "url: postgresql://web:abc@base/stocks",
        "key: '-----BEGIN RSA PRIVATE KEY-----'",
    ],
)
def test_a_secret_would_be_seen(text):
    assert list(secrets_in(yaml.safe_load(text)))


def test_each_secret_that_is_named_is_told_to_the_operator():
    named = set()
    for path in KUBERNETES.glob("[0-9]*.yaml"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r"secretKeyRef:\s+name: (\S+)", text))
        named |= set(re.findall(r"secretRef:\s+name: (\S+)", text))
        named |= set(re.findall(r"(?:passwordSecret|secret):\s+name: (\S+)", text))
        named |= set(re.findall(r"secretName: (\S+)", text))
    assert named
    assert {name for name in named if f"`{name}`" not in GUIDE} == set()


def test_the_variables_are_read_by_the_settings():
    given = {name for one in of_kind("ConfigMap") for name in one["data"]}
    given |= {one["name"] for *_, container in containers() for one in container["env"]}
    assert given - variables_read() == set()


def test_the_site_goes_through_the_pooler_and_the_rest_straight():
    addresses = {name: address_of(container) for name, _, container in containers()}
    assert addresses.pop("stocks-sante-site") == "pooler"
    assert set(addresses.values()) == {"direct"}
    job = next(container for name, _, container in containers() if "preparation" in name)
    assert address_of(job, "DATABASE_OWNER_URL") == "owner"
    owners = [name for name, _, one in containers() if "OWNER" in str(one["env"])]
    assert owners == ["stocks-sante-preparation"]


def test_the_key_of_the_seals_is_given_to_the_tasks_alone():
    given = [name for name, _, one in containers() if "journal" in str(one["envFrom"])]
    assert given == ["stocks-sante-taches"]


def test_who_sends_nothing_holds_no_secret_of_those_who_send():
    given = {name for name, _, one in containers() if "stocks-sante-secrets" in str(one["envFrom"])}
    assert given == {"stocks-sante-site", "stocks-sante-taches", "stocks-sante-courriels"}


def test_who_sends_nothing_reaches_the_base_alone():
    (selector,) = [
        one["spec"]["podSelector"]
        for one in of_kind("NetworkPolicy")
        if "ipBlock" in str(one["spec"].get("egress"))
    ]
    (kinds,) = selector["matchExpressions"]
    assert set(selector) == {"matchExpressions"}
    assert (kinds["key"], kinds["operator"]) == ("app.kubernetes.io/component", "In")
    assert set(kinds["values"]) == {"site", "taches", "courriels"}


def test_every_pod_is_confined():
    for name, pod, container in containers():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        own = container["securityContext"]
        assert own["allowPrivilegeEscalation"] is False
        assert own["readOnlyRootFilesystem"] is True
        assert own["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        assert {one["mountPath"] for one in container["volumeMounts"]} == WRITTEN
        assert not container["image"].endswith(":latest")


def test_the_site_is_asked_only_what_it_needs_to_answer():
    (site,) = [one for name, _, one in containers() if name == "stocks-sante-site"]
    for probe in ("startupProbe", "readinessProbe"):
        asked = site[probe]["httpGet"]
        assert asked["path"] == "/sante/?site"
        assert {one["name"]: one["value"] for one in asked["httpHeaders"]} == {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
        }
    assert "httpGet" not in site["livenessProbe"]


def test_a_version_replaces_another_without_a_gap():
    (site,) = [one for one in of_kind("Deployment") if one["metadata"]["name"].endswith("site")]
    assert site["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    assert "replicas" not in site["spec"]  # the autoscaler's
    (budget,) = of_kind("PodDisruptionBudget")
    (scaler,) = of_kind("HorizontalPodAutoscaler")
    assert 0 < budget["spec"]["minAvailable"] < scaler["spec"]["minReplicas"]
    assert scaler["spec"]["scaleTargetRef"]["name"] == site["metadata"]["name"]


def test_nothing_comes_in_nor_out_unless_it_is_written():
    policies = {one["metadata"]["name"]: one["spec"] for one in of_kind("NetworkPolicy")}
    assert policies["rien-par-defaut"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }
    assert [name for name, one in policies.items() if {} in one.get("ingress", [])] == []


def test_the_base_has_copies_and_backups():
    (base,) = of_kind("Cluster")
    spec = base["spec"]
    assert spec["instances"] >= 3
    assert spec["postgresql"]["synchronous"]["number"] >= 1
    (archiver,) = [one for one in spec["plugins"] if one.get("isWALArchiver")]
    (store,) = of_kind("ObjectStore")
    (night,) = of_kind("ScheduledBackup")
    assert archiver["parameters"]["barmanObjectName"] == store["metadata"]["name"]
    assert night["spec"]["cluster"]["name"] == base["metadata"]["name"]
    assert night["spec"]["pluginConfiguration"]["name"] == archiver["name"]
    assert len(night["spec"]["schedule"].split()) == 6  # seconds first
    for part in ("wal", "data"):
        assert store["spec"]["configuration"][part]["encryption"]


def test_the_delays_of_the_role_are_those_of_the_other_deployments():
    (base,) = of_kind("Cluster")
    told = base["spec"]["bootstrap"]["initdb"]["postInitSQL"]
    script = (ROOT / "deploy/postgres/10-roles.sh").read_text(encoding="utf-8")
    wanted = re.findall(r"ALTER ROLE stocks_web SET \w+ = '\w+'", script)
    assert wanted
    assert set(wanted) <= set(told)


def test_each_role_of_the_application_is_made():
    (base,) = of_kind("Cluster")
    told = " ".join(base["spec"]["bootstrap"]["initdb"]["postInitSQL"])
    made = {one.name for one in ROLES if f"CREATE ROLE {one.name} " in told}
    assert made | {base["spec"]["bootstrap"]["initdb"]["owner"]} == {one.name for one in ROLES}


def test_a_copy_that_is_gone_does_not_fill_the_disk_of_the_log():
    (base,) = of_kind("Cluster")
    kept = base["spec"]["postgresql"]["parameters"]["max_slot_wal_keep_size"]
    assert int(kept.removesuffix("GB")) < int(base["spec"]["walStorage"]["size"].removesuffix("Gi"))


def test_the_pooler_keeps_prepared_statements_in_transaction_mode():
    (pooler,) = of_kind("Pooler")
    (base,) = of_kind("Cluster")
    spec = pooler["spec"]
    assert spec["cluster"]["name"] == base["metadata"]["name"]
    assert spec["type"] == "rw"
    assert spec["pgbouncer"]["poolMode"] == "transaction"
    parameters = {name: int(value) for name, value in spec["pgbouncer"]["parameters"].items()}
    assert parameters["max_prepared_statements"] > 0
    most = spec["instances"] * parameters["default_pool_size"]
    assert most < int(base["spec"]["postgresql"]["parameters"]["max_connections"])


def test_kustomize_names_each_file():
    kept = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text(encoding="utf-8"))
    assert kept["resources"] == sorted(path.name for path in KUBERNETES.glob("[0-9]*.yaml"))
    assert all(
        one["metadata"].get("namespace", "stocks-sante") == "stocks-sante" for _, one in documents()
    )
