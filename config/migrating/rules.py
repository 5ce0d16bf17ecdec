"""What a migration must not do to a table that people use (docs/operations/migrations.md).

Read in the SQL that Django writes, so that a hand-written statement is held to the same rules. A
rule that has a good reason not to hold is named in the migration, with the reason:
``accepted = {"colonne-retiree": "plus lue depuis la version 1.4"}``.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TABLE = r"(?:ONLY )?(?:IF EXISTS )?\"?(?P<table>[\w.]+)\"?"
CREATED = re.compile(rf"^CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?{TABLE}", re.IGNORECASE)
TOUCHED = re.compile(rf"(?:^ALTER TABLE|\bON) {TABLE}", re.IGNORECASE)
QUIET_DEFAULT = re.compile(
    r"DEFAULT \(*+(?:now\(\)|CURRENT_\w+|STATEMENT_TIMESTAMP\(\)|(?![\w.]+\())", re.IGNORECASE
)
# COLUMN may be left out: what is not one of these words is the name of a column
SHORT = re.compile(
    r"\b(ADD|ALTER|DROP|RENAME) (?!(?:COLUMN|CONSTRAINT|TO|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE"
    r"|DEFAULT|NOT|IDENTITY|EXPRESSION|GENERATED)\b)",
    re.IGNORECASE,
)
DATA = re.compile(r"(?:UPDATE|DELETE)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """``found`` in a statement, and not ``unless``: what to do instead."""

    name: str
    found: str
    instead: str
    unless: str = r"(?!)"
    is_for_new_tables: bool = False

    def is_broken_by(self, statement: str) -> bool:
        flags = re.IGNORECASE | re.DOTALL
        return bool(
            re.search(self.found, statement, flags) and not re.search(self.unless, statement, flags)
        )


RULES = (
    Rule(
        "colonne-retiree",
        r"\bDROP COLUMN\b|^DROP TABLE\b",
        "cessez d’abord de la lire, dans une version\u00a0; retirez-la dans la suivante",
    ),
    Rule(
        "nom-change",
        r"\bRENAME (?:COLUMN|TO|CONSTRAINT)\b",
        "l’ancien code la cherche sous son nom\u00a0: ajoutez, recopiez, puis retirez",
    ),
    Rule(
        "colonne-obligatoire",
        r"\bADD COLUMN\b.*\bNOT NULL\b",
        "donnez-lui une valeur que la base connaît (db_default) ou laissez-la vide d’abord",
        unless=r"\bDEFAULT\b",
    ),
    Rule(
        "defaut-retire",
        r"\bALTER COLUMN\b.*\bDROP DEFAULT\b",
        "l’ancien code ajoute des lignes sans elle\u00a0: gardez sa valeur en base (db_default)",
    ),
    Rule(
        "table-recopiee",
        r"\bALTER COLUMN\b.*\bTYPE\b|\bGENERATED\b|\b(?:big|small)?serial\b"
        r"|^CLUSTER\b|^VACUUM FULL\b|\bSET (?:UN)?LOGGED\b|\bSET TABLESPACE\b",
        "ajoutez une colonne, recopiez par morceaux, changez le code, retirez l’ancienne",
    ),
    Rule(
        "obligation-verifiee-sous-verrou",
        r"\bALTER COLUMN\b.*\bSET NOT NULL\b",
        "posez une contrainte CHECK NOT VALID, validez-la, puis rendez la colonne obligatoire",
    ),
    Rule(
        "index-sous-verrou",
        r"^CREATE (?:UNIQUE )?INDEX\b",
        "AddIndexConcurrently, dans une migration à part, atomic = False",
        unless=r"\bCONCURRENTLY\b",
    ),
    Rule(
        "contrainte-verifiee-sous-verrou",
        r"\bADD\b.*\b(?:CHECK|FOREIGN KEY)\b",
        "AddConstraintNotValid, puis ValidateConstraint dans la migration suivante",
        unless=r"\bNOT VALID\b",
    ),
    Rule(
        "unicite-sous-verrou",
        r"\bADD\b.*\b(?:UNIQUE|PRIMARY KEY|EXCLUDE)\b",
        "créez l’index unique CONCURRENTLY, puis ADD CONSTRAINT … USING INDEX",
        unless=r"\bUSING INDEX\b",
    ),
    Rule(
        "table-verrouillee",
        r"^LOCK\b|^REFRESH MATERIALIZED VIEW (?!CONCURRENTLY)|^TRUNCATE\b"
        r"|^REINDEX (?!.*CONCURRENTLY)",
        "rien ne doit attendre la fin d’une migration",
    ),
    Rule(
        "concurrent-en-transaction",
        r"\bCONCURRENTLY\b",
        "PostgreSQL le refuse dans une transaction\u00a0: atomic = False",
        is_for_new_tables=True,
    ),
)
VOLATILE = Rule(
    "table-recopiee",
    "",
    "une valeur calculée pour chaque ligne recopie la table\u00a0: remplissez-la par morceaux",
)
MIXED = Rule(
    "donnees-et-structure",
    "",
    "une migration change les données, une autre la structure\u00a0: leurs verrous durent moins",
)


@dataclass(frozen=True, slots=True)
class Fault:
    rule: Rule
    statement: str

    def __str__(self) -> str:
        return f"{self.rule.name}\u00a0: {self.statement[:160]}\n      → {self.rule.instead}."


def faults_in(
    statements: Iterable[str], *, is_atomic: bool = True, changes_data: bool = False
) -> Iterator[Fault]:
    """What each statement would do to those who use its table; a table made here has nobody yet."""
    new: set[str] = set()
    kept = list(bare(statements))
    for one in kept:
        if made := CREATED.match(one):
            new.add(made["table"])
            continue
        is_new = (touched := TOUCHED.search(one)) is not None and touched["table"] in new
        yield from (Fault(rule, one) for rule in broken(one, is_new=is_new, is_atomic=is_atomic))
    changes_data = changes_data or any(DATA.match(one) for one in kept)
    if changes_data and any(is_alteration(one) for one in kept):
        yield Fault(MIXED, "des lignes changées, et ALTER TABLE")


def broken(statement: str, *, is_new: bool, is_atomic: bool) -> Iterator[Rule]:
    for rule in RULES:
        if rule.name == "concurrent-en-transaction" and not is_atomic:
            continue
        if (not is_new or rule.is_for_new_tables) and rule.is_broken_by(statement):
            yield rule
    is_added = re.search(r"\bADD COLUMN\b.*\bDEFAULT\b", statement, re.IGNORECASE)
    if is_added and not is_new and not QUIET_DEFAULT.search(statement):
        yield VOLATILE


def bare(statements: Iterable[str]) -> Iterator[str]:
    """Each statement on one line, its columns told as such, without the notes of Django."""
    for one in statements:
        text = re.sub(r"--[^\n]*", " ", one)
        text = " ".join(text.split())
        if is_alteration(text):
            text = text[:5] + SHORT.sub(r"\1 COLUMN ", text[5:])
        if text:
            yield text


def is_alteration(statement: str) -> bool:
    return statement.upper().startswith("ALTER TABLE")
