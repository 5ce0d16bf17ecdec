"""What the service leans on fails: the disk of the files received, the mail server, the folder."""

import shutil
import subprocess
import time

from tests.builders import PASSWORD
from tests.faults.clients import DEPOSIT, Forgetful
from tests.faults.people import Visitor
from tests.faults.told import YES
from tests.faults.trial import Trial, superuser

WRITE_FILES = "orders.tasks.logistics.write_order_files"
BECOME_DUE = "UPDATE orders_order SET editable_until = now() WHERE exported_at IS NULL"
QUEUE = (
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('feeds', %s, 0, 'order-files', NULL,"
    " '{\"timestamp\": 0}'::jsonb, NULL)::procrastinate_job_to_defer_v1])"
)
LEFT = (
    "SELECT EXISTS (SELECT FROM procrastinate_jobs"
    " WHERE task_name = %s AND status IN ('todo', 'doing'))"
)
SMALL_DISK = "size=24m"
SENTENCE = "Réessayez"
GIVEN_BACK = 150  # seconds: the round of a worker that was killed holds back the next one


def disk(trial: Trial) -> None:
    """No room left for the files received: a sentence, nothing half kept; then room again."""
    folder = trial.service.folder / "files"
    if not folder.is_mount():
        trial.measures["non joué"] = "il faut être root pour un petit disque"
        return
    time.sleep(3)
    filler = folder / "filler"
    fill(filler)
    before = len(trial.told.acts)
    time.sleep(6)
    refused = [one for one in trial.told.acts[before:] if one.kind == "deposit"]
    trial.require(bool(refused), "aucun fichier envoyé pendant que le disque était plein")
    trial.require(all(one.verdict != YES for one in refused), "un fichier accepté, disque plein")
    big_file(trial)
    others = [one for one in trial.told.acts[before:] if one.kind != "deposit"]
    trial.require(any(one.verdict == YES for one in others), "plus personne n’a pu écrire")
    trial.measures["fichiers refusés"] = len(refused)
    filler.unlink()
    at = time.monotonic()
    while not any(act.ended > at for act in trial.told.of("deposit", YES)):
        if time.monotonic() - at > 60:
            trial.wrong.append("les fichiers ne passent plus, la place revenue")
            break
        time.sleep(0.1)
    trial.back.append(time.monotonic() - at)


def fill(path) -> None:
    with open(path, "wb") as file:
        try:
            while True:
                file.write(bytes(65536))
                file.flush()
        except OSError:
            pass


def big_file(trial: Trial) -> None:
    """One too large for memory is put aside while it comes: there is no room for that either."""
    pharmacy = trial.world.pharmacies[1]
    visitor = Visitor(trial.service.port)
    visitor.log_in(pharmacy.email, PASSWORD)
    visitor.read_token("/profils/")
    fields = {"pui": str(pharmacy.pui), "due_on": pharmacy.due_on}
    content = b"UCD;Stock\n" + b"9100000;12\n" * 300_000
    answer = visitor.post_file(DEPOSIT, fields, "stock.csv", content)
    trial.measures["grand fichier"] = answer.status
    trial.require(
        answer.status < 500 or SENTENCE in answer.text, "un grand fichier : page d’erreur"
    )


def smtp(trial: Trial) -> None:
    """The mail server is closed, then refuses, then is well: each mail comes, once."""
    sink, since = trial.service.sink, time.monotonic()
    sink.close()
    trial.crowd.resume(Forgetful)
    time.sleep(8)
    sink.is_refusing = True
    sink.open()
    time.sleep(6)
    asked = [act for act in trial.told.of("reset", YES) if act.begun > since]
    trial.require(bool(asked), "personne n’a rien demandé pendant la panne")
    trial.measures["courriels attendus"] = len(asked)
    sink.is_refusing = False
    at, awaited = time.monotonic(), {act.key for act in asked}
    while awaited - {mail.to for mail in sink.mails} and time.monotonic() - at < 150:
        time.sleep(0.2)
    trial.measures["courriels tous arrivés, secondes"] = round(time.monotonic() - at, 1)


def logistics(trial: Trial) -> None:
    """The folder of the warehouses is missing, then no folder at all, then back; workers killed."""
    folder = trial.service.folder / "logistics"
    shutil.rmtree(folder, ignore_errors=True)
    time.sleep(3)
    write_files(trial)
    for _ in range(3):  # killed while it writes
        time.sleep(2)
        write_files(trial, patience=trial.luck.uniform(0.05, 0.5))
        trial.service["worker"].kill()
    time.sleep(4)
    aside = folder.with_name("logistics.aside")
    wait_for(lambda: folder.is_dir(), 90)
    folder.rename(aside)
    folder.write_text("")  # not a folder: nobody can write there, root neither
    time.sleep(3)
    write_files(trial)
    failed = count_failed(trial)
    trial.require(failed > 0, "un dossier perdu n’est signalé nulle part")
    trial.require(trial.service.health() == 200, "le site ne sert plus")
    folder.unlink()
    aside.rename(folder)
    time.sleep(2)
    write_files(trial)
    with superuser(trial.service) as opened:  # what the operator does, once it is mended
        opened.execute("DELETE FROM procrastinate_jobs WHERE status = 'failed' AND task_name = %s",
                       [WRITE_FILES])  # fmt: skip
        done = "SELECT count(*) FROM orders_order WHERE exported_at IS NOT NULL"
        trial.measures["commandes en fichier"] = opened.execute(done).fetchone()[0]
    trial.measures["échecs signalés"] = failed


def write_files(trial: Trial, patience: float = GIVEN_BACK) -> None:
    """The hour comes at which the orders leave."""
    with superuser(trial.service) as opened:
        opened.execute(BECOME_DUE)
        opened.execute(QUEUE, [WRITE_FILES])
        end = time.monotonic() + patience
        while time.monotonic() < end and opened.execute(LEFT, [WRITE_FILES]).fetchone()[0]:
            time.sleep(0.05)


def count_failed(trial: Trial) -> int:
    with superuser(trial.service) as opened:
        statement = (
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed' AND task_name = %s"
        )
        return opened.execute(statement, [WRITE_FILES]).fetchone()[0]


def wait_for(holds, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


def mount(folder) -> bool:
    """A disk of a few megabytes for the files received, where one may mount."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", SMALL_DISK, "tmpfs", str(folder)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def unmount(folder) -> None:
    if folder.is_mount():
        subprocess.run(["umount", str(folder)], check=False)
