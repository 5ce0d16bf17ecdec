"""A reader of Table Schema, small and of its own: what a file says is checked as others would."""

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal


def read_table(data, schema):
    """The rows of a file, typed by its schema; a list of what is wrong with it beside."""
    assert data.startswith(b"\xef\xbb\xbf")
    dialect = schema["dialect"]
    text = io.StringIO(data.decode("utf-8-sig"), newline="")
    header, *lines = csv.reader(text, delimiter=dialect["delimiter"])
    fields = schema["fields"]
    faults = [] if header == [one["name"] for one in fields] else [f"header: {header}"]
    rows = []
    for number, cells in enumerate(lines, start=2):
        if len(cells) != len(fields):
            faults.append(f"{number}: {len(cells)} cells")
        row = {}
        for field, cell in zip(fields, cells, strict=False):
            try:
                row[field["name"]] = read_cell(cell, field, schema)
            except (ValueError, ArithmeticError) as error:
                faults.append(f"{number} {field['name']}: {cell!r} {error}")
        rows.append(row)
    keys = [tuple(row.get(name) for name in schema["primaryKey"]) for row in rows]
    if len(set(keys)) < len(keys):
        faults.append("the key comes twice")
    return rows, faults


def read_cell(cell, field, schema):
    limits = field.get("constraints", {})
    if cell in schema["missingValues"]:
        if limits.get("required"):
            raise ValueError("required")
        return None
    value = TYPES[field["type"]](cell, field)
    if "enum" in limits and value not in limits["enum"]:
        raise ValueError("not in the list")
    if "pattern" in limits and not re.fullmatch(limits["pattern"], cell):
        raise ValueError("not of the pattern")
    if "minimum" in limits and value < limits["minimum"]:
        raise ValueError("too small")
    if "maximum" in limits and value > limits["maximum"]:
        raise ValueError("too large")
    return value


def read_number(cell, field):
    mark = field["decimalChar"]
    if not re.fullmatch(rf"-?[0-9]+({re.escape(mark)}[0-9]+)?", cell):
        raise ValueError("no number")
    return Decimal(cell.replace(mark, "."))


def read_moment(cell, field):
    moment = datetime.fromisoformat(cell)
    if moment.tzinfo is None:
        raise ValueError("without an offset")
    return moment


def read_boolean(cell, field):
    if cell not in field["trueValues"] + field["falseValues"]:
        raise ValueError("neither")
    return cell in field["trueValues"]


TYPES = {
    "string": lambda cell, field: cell,
    "integer": lambda cell, field: int(cell),
    "number": read_number,
    "date": lambda cell, field: date.fromisoformat(cell),
    "datetime": read_moment,
    "boolean": read_boolean,
}
