"""The dictionary of a file: one declaration gives its header, its Table Schema and its table.

Table Schema (https://specs.frictionlessdata.io/table-schema/) is what public data is described
with; ``dialect`` tells besides how the text is written, which is how French spreadsheets read it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

SPECIFICATION: Final = "https://specs.frictionlessdata.io/schemas/table-schema.json"
DIALECT: Final = {"delimiter": ";", "lineTerminator": "\r\n", "quoteChar": '"', "header": True}
TYPES: Final = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "date": "date",
    "datetime": "date et heure",
    "boolean": "oui ou non",
}
WRITTEN: Final[Mapping[str, dict[str, Any]]] = {
    "number": {"decimalChar": ","},
    "boolean": {"trueValues": ["oui"], "falseValues": ["non"]},
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column. ``constraints`` are those of Table Schema: required, enum, pattern, minimum."""

    name: str
    title: str
    description: str
    type: str = "string"
    constraints: Mapping[str, Any] = field(default_factory=dict)

    @property
    def type_name(self) -> str:
        """In French, for the dictionary on the page."""
        return TYPES[self.type]

    @property
    def is_required(self) -> bool:
        return bool(self.constraints.get("required"))

    def as_json(self) -> dict[str, Any]:
        told = {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "type": self.type,
        }
        constraints = {"constraints": dict(self.constraints)} if self.constraints else {}
        return told | WRITTEN.get(self.type, {}) | constraints


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The columns of a file; ``key`` names those that make a line unique.

    ``version`` changes with the columns: its first number when a reader of the file would break.
    """

    name: str
    title: str
    description: str
    version: str
    fields: Sequence[Field]
    key: Sequence[str]

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.fields]

    def as_json(self, **more: Any) -> dict[str, Any]:
        """The Table Schema."""
        return {
            "$schema": SPECIFICATION,
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "version": self.version,
            "encoding": "utf-8",
            "dialect": dict(DIALECT),
            **more,
            "fields": [one.as_json() for one in self.fields],
            "missingValues": [""],
            "primaryKey": list(self.key),
        }
