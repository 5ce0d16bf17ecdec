"""The three tables that ``import_ucd`` knows by their headers, whatever their encoding."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from common.tabular import ColumnSpec, Limits, Table, TabularError, read_table
from common.tabular.errors import MissingColumnsError

LARGEST = Limits(max_rows=200_000, max_bytes=100 * 1024 * 1024)


class NomenclatureError(Exception):
    """The file is none of the tables known. The message is for the person, in French."""


def optional(name: str, header: str, *synonyms: str) -> ColumnSpec:
    return ColumnSpec(name, header, synonyms, required=False)


@dataclass(frozen=True, slots=True)
class Layout:
    """``holds_units``: a line is a UCD, alone or with one of its boxes; else a box alone."""

    key: str
    label: str
    source: str
    columns: Sequence[ColumnSpec]
    holds_units: bool = True
    repeats_units: bool = False


CNAM = Layout(
    "cnam",
    "table UCD de l’Assurance maladie",
    "CNAM",
    (
        ColumnSpec("ucd", "ucd7"),
        ColumnSpec("label", "label"),
        ColumnSpec("atc", "atc_code"),
        optional("ucd13", "ucd13"),
        optional("form", "form"),
        optional("strength", "strength"),
        optional("strength_unit", "strength_unit"),
        optional("substance", "atc_label"),
        optional("laboratory", "laboratory"),
    ),
)
CIO = Layout(
    "cio",
    "table CIP_UCD du Club Inter-Pharmaceutique et de l’ANS",
    "CIO",
    (
        ColumnSpec("ucd", "CodeUCD", ("Code UCD", "UCD7")),
        ColumnSpec("label", "LibelleUCD", ("Libellé UCD",)),
        optional("ucd13", "CodeUCD13", "Code UCD13"),
        optional("cip", "CodeCIP", "Code CIP"),
        optional("cip13", "CodeCIP13", "Code CIP13"),
        optional("box", "LibelleCIP", "Libellé CIP"),
        optional("laboratory", "Laboratoire"),
        optional("units", "Qte", "Quantité"),
    ),
    repeats_units=True,
)
BDPM = Layout(
    "bdpm",
    "base de données publique des médicaments",
    "BDPM",
    (
        ColumnSpec("cip13", "cip13"),
        ColumnSpec("cis", "cis"),
        ColumnSpec("name", "name"),
        optional("presentation", "presentation"),
        optional("marketed", "marketed"),
    ),
    holds_units=False,
)
LAYOUTS = (CNAM, CIO, BDPM)


def read_layout(path: Path) -> tuple[Layout, Table]:
    """Recognise the table by its headers and read it; raise ``NomenclatureError``."""
    for layout in LAYOUTS:
        try:
            with path.open("rb") as file:
                table = read_table(file, columns=layout.columns, limits=LARGEST)
        except MissingColumnsError:
            continue
        except TabularError as error:
            raise NomenclatureError(f"{path.name}\u00a0: {error}") from error
        return layout, table
    known = ", ".join(layout.label for layout in LAYOUTS)
    raise NomenclatureError(
        f"{path.name}\u00a0: ses colonnes ne sont celles d’aucune table connue ({known})."
    )
