"""What must hold whatever was killed: what people were told, beside what is found.

Pure rules: each gives the sentences of what it finds wrong, none when all is well. Their own tests
are in ``test_checks.py``; in each scenario the data are spoilt in turn to see them fail
(``controls.py``).
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.sink import Mail
from tests.faults.told import NO, YES, Act, Told

SILENT, LATE = 90, 90  # seconds: a job under way without its worker; one that nobody takes
MOST = 5  # sentences told of one rule


@dataclass
class Found:
    """What the database and the folders hold, read by ``found.py``."""

    cells: dict[str, list[int]] = field(default_factory=dict)  # each value held, in order
    orders: dict[str, list[str]] = field(default_factory=dict)  # states, by token
    transmissions: Counter = field(default_factory=Counter)  # by key
    latest: dict[int, int] = field(default_factory=dict)  # stock in force, by pharmacy
    requests: Counter = field(default_factory=Counter)
    deposits: dict[str, list[str]] = field(default_factory=dict)  # states, by digest
    kept_files: set[str] = field(default_factory=set)  # digests of the files received
    counters: list["Counted"] = field(default_factory=list)
    acts: Counter = field(default_factory=Counter)  # those of the tables: (verb, target)
    journal: Counter = field(default_factory=Counter)  # those of the journal
    jobs: list["Job"] = field(default_factory=list)
    rounds_cut: int = 0  # failed, and made again at their next hour
    written: dict[str, int] = field(default_factory=dict)  # order → files that hold it
    sequences: dict[str, list[int]] = field(default_factory=dict)  # by warehouse
    folder: dict[str, str] = field(default_factory=dict)  # file → what is wrong with it
    mails: list[Mail] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Counted:
    """A quota, or a stock: what it says was taken, what it may give, what the ledger says."""

    name: str
    used: int
    granted: int
    ledger: int
    initial: int | None = None  # what there was of a stock in all, when the trial began


@dataclass(frozen=True, slots=True)
class Job:
    number: int
    task: str
    status: str
    silent: float = 0.0  # seconds since its worker gave a sign
    late: float = 0.0


def written(told: Told, found: Found) -> list[str]:
    """Every acknowledged write is there."""
    return [
        f"{act.kind} {act.key} : acquitté, introuvable"
        for act in told.told_yes()
        if act.kind in HOLDS and not HOLDS[act.kind](act, found)
    ]


HOLDS: dict[str, Callable[[Act, Found], bool]] = {
    "cell": lambda act, found: act.value in found.cells.get(act.key, []),
    "order": lambda act, found: bool(found.orders.get(act.key)),
    "cancel": lambda act, found: found.orders.get(act.key) == ["cancelled"],
    "transmission": lambda act, found: bool(found.transmissions[act.key]),
    "request": lambda act, found: bool(found.requests[act.key]),
    "deposit": lambda act, found: is_kept(found, act.key),
    "reset": lambda act, found: any(mail.to == act.key for mail in found.mails),
}


def is_kept(found: Found, digest: str) -> bool:
    """The file too, as long as nobody has read it."""
    states = found.deposits.get(digest, [])
    return bool(states) and ("reading" not in states or digest in found.kept_files)


def once(told: Told, found: Found) -> list[str]:
    """Nothing is there twice, nor in another order than it was acknowledged."""
    wrong = [f"case {key} : {values}" for key, values in found.cells.items() if is_mixed(values)]
    wrong += [f"commande {key} : {len(states)} fois" for key, states in found.orders.items()
              if len(states) > 1]  # fmt: skip
    wrong += [f"fichier {key[:8]} : {len(states)} dépôts" for key, states in found.deposits.items()
              if len(states) > 1]  # fmt: skip
    for name, counts in (("transmission", found.transmissions), ("demande", found.requests)):
        wrong += [f"{name} {key} : {count} fois" for key, count in counts.items() if count > 1]
    return wrong


def is_mixed(values: list[int]) -> bool:
    return values != sorted(set(values))


def refused(told: Told, found: Found) -> list[str]:
    """What was refused was not done all the same."""
    return [
        f"{act.kind} {act.key} : refusé, trouvé"
        for act in told.of("order", NO)
        if found.orders.get(act.key)
    ]


def counted(told: Told, found: Found) -> list[str]:
    """0 ≤ used ≤ granted, and the ledger says what the counter says."""
    return [
        f"{one.name} : {one.used} pris sur {one.granted}, {one.ledger} au grand livre"
        for one in found.counters
        if not 0 <= one.used <= one.granted
        or one.used != one.ledger
        or one.initial not in (None, one.granted)
    ]


def latest(told: Told, found: Found) -> list[str]:
    """The stock in force is the last acknowledged, or one sent after it."""
    wrong = []
    for pui, stock in found.latest.items():
        sent = [act for act in told.of("transmission") if act.value[0] == pui]
        last = max((act.ended for act in sent if act.verdict == YES), default=None)
        after = {act.value[1] for act in sent if last is None or act.ended >= last}
        if after and stock not in after:
            wrong.append(f"PUI {pui} : {stock} en vigueur, attendu parmi {sorted(after)}")
    return wrong


def journaled(told: Told, found: Found) -> list[str]:
    """One line of journal for each act, none for what was not done."""
    wrong = [
        f"{verb} {target} : {found.journal[verb, target]} lignes pour {count} actes"
        for (verb, target), count in found.acts.items()
        if found.journal[verb, target] != count
    ]
    return wrong + [f"{verb} {target} : écrit sans acte" for verb, target in
                    found.journal.keys() - found.acts.keys()]  # fmt: skip


def jobs_done(told: Told, found: Found) -> list[str]:
    """None lost, none stuck: what was queued is done, or will be."""
    wrong = [
        f"travail {one.number} {one.task} : {one.status}, silence {one.silent:.0f} s, "
        f"retard {one.late:.0f} s"
        for one in found.jobs
        if one.status in ("failed", "aborting")
        or (one.status == "doing" and one.silent > SILENT)
        or (one.status == "todo" and one.late > LATE)
    ]
    wrong += [f"fichier {key[:8]} : toujours en lecture" for key, states in found.deposits.items()
              if "reading" in states]  # fmt: skip
    return wrong


def files_whole(told: Told, found: Found) -> list[str]:
    """Each order left in exactly one file, the numbers follow each other, no file is partial."""
    wrong = [f"commande {key} : dans {count} fichiers" for key, count in found.written.items()
             if count != 1]  # fmt: skip
    wrong += [f"{name} : {numbers}" for name, numbers in found.sequences.items()
              if numbers != list(range(1, len(numbers) + 1))]  # fmt: skip
    return wrong + [f"{name} : {fault}" for name, fault in found.folder.items() if fault]


def mailed(told: Told, found: Found) -> list[str]:
    """Each mail arrives once: a worker killed between two steps may repeat it, under one number."""
    numbers = {(mail.to, mail.subject, mail.number) for mail in found.mails}
    counts = Counter((to, subject) for to, subject, _ in numbers)
    asked = Counter(act.key for act in told.of("reset"))
    return [f"{to}, « {subject} » : {count} courriels" for (to, subject), count in counts.items()
            if to in asked and count > asked[to]]  # fmt: skip


def answered(told: Told, found: Found) -> list[str]:
    """People get an answer, or a sentence that says to try again: never a page of error."""
    return list(told.surprises)


RULES: dict[str, Callable[[Told, Found], list[str]]] = {
    "toute écriture acquittée est trouvée": written,
    "aucune n’est double": once,
    "rien de refusé n’est fait": refused,
    "0 ≤ utilisé ≤ accordé, et le grand livre dit les compteurs": counted,
    "le stock en vigueur est le dernier acquitté": latest,
    "une ligne de journal par acte": journaled,
    "aucun travail perdu ni bloqué": jobs_done,
    "chaque commande dans un fichier, entier, sans trou de numéro": files_whole,
    "chaque courriel une fois": mailed,
    "aucune page d’erreur": answered,
}


# what the task workers may still put right
WITH_TIME = {name for name, rule in RULES.items() if rule in (written, jobs_done, files_whole)}


def verdicts(told: Told, found: Found) -> dict[str, list[str]]:
    return {name: rule(told, found)[:MOST] for name, rule in RULES.items()}
