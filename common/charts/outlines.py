"""The outlines of the 101 departments (source and licence: LICENCE-contours.md)."""

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from common.charts.geometry import Box, Pair, Ring

PARIS_AND_INNER_SUBURBS = ("75", "92", "93", "94")
PARIS_TITLE = "Paris et petite couronne"
OVERSEAS = ("971", "972", "973", "974", "976")

TOKEN = re.compile(r"[A-Za-z]|-?(?:\d*\.\d+|\d+)")
NUMBERS_AFTER = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "z": 0}


@dataclass(frozen=True)
class Outline:
    code: str
    name: str
    path: str

    @cached_property
    def rings(self) -> tuple[Ring, ...]:
        return tuple(_rings(self.path))

    @cached_property
    def bounds(self) -> Box:
        points = [point for ring in self.rings for point in ring]
        across, down = [x for x, _ in points], [y for _, y in points]
        return Box(min(across), min(down), max(across), max(down))

    @property
    def is_overseas(self) -> bool:
        return self.code in OVERSEAS


@cache
def outlines() -> dict[str, Outline]:
    """Every department by INSEE code; each overseas one has a plane of its own."""
    data = json.loads(Path(__file__).with_name("france.json").read_text(encoding="utf-8"))
    paths = data["metro"]["d"] | {code: drawn["d"] for code, drawn in data["drom"].items()}
    return {code: Outline(code, data["names"][code], paths[code]) for code in sorted(paths)}


def _rings(path: str) -> list[Ring]:
    """The corners of each closed line of a path; a curve counts as its end point."""
    tokens = TOKEN.findall(path)
    rings: list[Ring] = []
    points: list[Pair] = []
    x = y = 0.0
    command, position = "", 0
    while position < len(tokens):
        if tokens[position].isalpha():
            command, position = tokens[position], position + 1
        count = NUMBERS_AFTER[command.lower()]
        numbers = [float(token) for token in tokens[position : position + count]]
        position += count
        if command.lower() in "mz":
            if len(points) > 2:
                rings.append(tuple(points))
            if command in "zZ":
                x, y = points[0]
            points = []
        x, y = _moved((x, y), command, numbers)
        points.append((x, y))
        command = {"m": "l", "M": "L"}.get(command, command)  # further pairs draw lines
    if len(points) > 2:
        rings.append(tuple(points))
    return rings


def _moved(start: Pair, command: str, numbers: list[float]) -> Pair:
    x, y = start if command.islower() else (0.0, 0.0)
    match command.lower():
        case "z":
            return start
        case "h":
            return x + numbers[0], start[1]
        case "v":
            return start[0], y + numbers[0]
        case _:
            return x + numbers[-2], y + numbers[-1]
