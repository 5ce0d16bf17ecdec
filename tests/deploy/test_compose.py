"""One machine: what its services may do, and the image they run."""

import re

import pytest

from tests.deploy.files import ROOT, compose

SERVICES = compose()["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STAGES = re.split(r"(?m)^FROM ", DOCKERFILE)[1:]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_gains_nothing_and_writes_nowhere_else(name):
    one = SERVICES[name]
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in one["tmpfs"]  # noqa: S108
    assert {"memory", "pids"} <= set(one["deploy"]["resources"]["limits"])
    assert "max-size" in one["logging"]["options"]
    assert not {"privileged", "network_mode", "pid", "devices"} & set(one)
    assert not any("docker.sock" in volume for volume in one["volumes"])


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["proxy"]
    assert SERVICES["database"]["networks"] == ["inside"]
    assert compose()["networks"]["inside"] == {"internal": True}
    reaching = {name for name, one in SERVICES.items() if "outside" in one["networks"]}
    assert reaching == {"proxy", "web", "worker", "mailer"}, "who sends nothing reaches nothing"


def test_only_what_needs_a_capability_has_it():
    asked = {name: set(one["cap_add"]) for name, one in SERVICES.items() if "cap_add" in one}
    assert asked == {
        "database": {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"},
        "proxy": {"NET_BIND_SERVICE"},
    }


def test_nothing_starts_before_the_base_is_ready():
    for name in ("web", "worker", "mailer", "backups"):
        assert SERVICES[name]["depends_on"]["prepare"] == {
            "condition": "service_completed_successfully"
        }
    assert SERVICES["prepare"]["depends_on"]["database"]["condition"] == "service_healthy"


def test_a_worker_is_not_asked_for_a_page():
    for name in ("worker", "mailer"):
        assert "procrastinate" in SERVICES[name]["healthcheck"]["test"]
    for name in ("prepare", "backups"):
        assert SERVICES[name]["healthcheck"] == {"disable": True}


def test_the_owner_of_the_tables_is_given_to_the_preparation_alone():
    given = [name for name, one in SERVICES.items() if "DATABASE_OWNER_URL" in one["environment"]]
    assert given == ["prepare"]


def test_the_key_of_the_seals_is_given_to_the_worker_alone():
    assert [name for name, one in SERVICES.items() if "JOURNAL_KEY" in one["environment"]] == [
        "worker"
    ]


def test_the_backups_keep_the_folders_of_the_site():
    """The same volume, and the same variables: a folder moved by one is kept by the other."""
    site, backups = SERVICES["web"], SERVICES["backups"]
    assert set(site["volumes"]) < set(backups["volumes"])
    for name in ("LOGISTICS_DIR", "OIDC_KEYS_FOLDER"):
        assert backups["environment"][name] == site["environment"][name]
    assert backups["environment"].keys() >= {"BACKUP_DIR", "BACKUP_RECIPIENT"}
    role = re.search(r"//(\w+):\$\{BACKUP_PASSWORD", backups["environment"]["BACKUP_DATABASE_URL"])
    opened = (ROOT / "deploy/postgres/20-backups.sh").read_text(encoding="utf-8")
    assert role
    assert f"host replication,postgres {role[1]} all scram-sha-256" in opened
    assert set(backups["networks"]) & set(SERVICES["database"]["networks"])


def test_the_log_in_clear_is_in_a_volume_that_the_site_does_not_see():
    spool = SERVICES["backups"]["environment"]["BACKUP_SPOOL"]
    (volume,) = [one for one in SERVICES["backups"]["volumes"] if one.endswith(f":{spool}")]
    assert [name for name, one in SERVICES.items() if volume in one.get("volumes", [])] == [
        "backups"
    ]


def test_who_sends_nothing_holds_no_password_of_the_mails():
    for name in ("prepare", "backups", "metrics"):
        assert "EMAIL_HOST_PASSWORD" not in SERVICES[name]["environment"], name


def test_a_backup_that_stops_does_not_fill_the_disk_of_the_base():
    assert any(
        word.startswith("max_slot_wal_keep_size=") for word in SERVICES["database"]["command"]
    )


def test_what_is_saved_is_given_back_by_the_same_server_in_the_same_order():
    """Its image has the server, of the version of the base, and no locale but C.UTF-8."""
    (major,) = re.findall(r":(\d+)", SERVICES["database"]["image"])
    (stage,) = [one for one in STAGES if one.startswith("application AS backups")]
    assert f"--yes postgresql-{major} " in stage
    assert "create_main_cluster = false" in stage
    arguments = SERVICES["database"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert arguments == "--locale=C.UTF-8"


def test_every_password_comes_from_outside():
    for one in SERVICES.values():
        for name, value in one["environment"].items():
            if re.search(r"PASSWORD|SECRET|_KEY$|_URL$", name) and name != "SITE_URL":
                assert "${" in str(value) or name.startswith(("CHORUS_", "PSC_", "PROCONNECT_"))


def test_the_images_are_named_with_a_version():
    for name, one in SERVICES.items():
        assert "build" in one or re.search(r":\d", one["image"]), name
    bases = [stage.split()[0] for stage in STAGES]
    named = {match for stage in STAGES for match in re.findall(r"^\S+ AS (\w+)", stage)}
    assert [one for one in bases if ":" not in one and one not in named] == []


def test_the_image_runs_as_somebody_without_rights_and_carries_no_secret():
    for stage in STAGES:
        users = re.findall(r"(?m)^USER (\S+)", stage)
        assert not users or users[-1] == "10001"
    assert not re.search(r"(?m)^(ARG|ENV) .*(PASSWORD|SECRET|TOKEN)", DOCKERFILE)
    assert not re.search(r"(?m)^ADD |curl .*\|", DOCKERFILE)
    assert "--require-hashes" in DOCKERFILE
    assert STAGES[-1].startswith("application AS site")


def test_what_is_built_leaves_out_history_environments_and_data():
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", ".data", ".env"} <= set(left_out)
