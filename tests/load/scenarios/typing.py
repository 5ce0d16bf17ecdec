"""Filling an inventory: open the grid of a site, type one cell after another, each acknowledged."""

import re

from tests.load.scenarios.person import noted

BOX = re.compile(r'<input[^>]*\bname="(\d+)-(stock|daily|supply)"[^>]*>')
VALUE = re.compile(r'\bvalue="([^"]*)"')
TICKET = re.compile(r'name="ticket" value="([^"]+)"')
PROFILE = re.compile(r'name="profile" value="([^"]*)"')
SPACES = re.compile(r"[\s\u00a0\u202f]")
SIZES_FROM = 100  # a size is numbered parent × 100 + n


class Sheet:
    """The grid of one site this week, as a person sees it."""

    def __init__(self, person, finess, week):
        self.person, self.finess = person, finess
        self.path = f"/epi-stocks/inventaire/{finess}/{week}/"
        self.cells, self.seen, self.ticket, self.rank = [], {}, "", 0

    def open(self):
        """Read what it holds; False: there is nothing to type."""
        found = self.person.look("grille", self.path)
        if found.status_code != 200:
            return False
        page = found.text
        ticket, profile = TICKET.search(page), PROFILE.search(page)
        if not ticket:
            raise AssertionError("une grille sans son billet")
        self.ticket, self.profile = ticket[1], profile[1] if profile else ""
        boxes = [*BOX.finditer(page)]
        totals = {str(int(box[1]) // SIZES_FROM) for box in boxes}  # gloves are typed by size
        for box in boxes:
            if box[1] in totals:
                continue
            held = VALUE.search(box[0])
            text = SPACES.sub("", held[1]) if held else ""
            if text.isdigit() or not text:  # on a Monday morning, most are empty
                self.seen[f"{box[1]}-{box[2]}"] = text
        self.cells = list(self.seen)
        return bool(self.cells)

    def type_one(self):
        """The next cell: one more or one less than it held, a number where there was none."""
        name = self.cells[self.rank % len(self.cells)]
        self.rank += 1
        seen = self.seen[name]
        value = str(int(seen) + (1 if int(seen) % 2 == 0 else -1)) if seen else str(20 + self.rank)
        sent = {"cell": name, "value": value, "seen": seen}
        body = {"ticket": self.ticket, "profile": self.profile, "cells": [sent]}
        noted("cell", self.finess, name, value, "sent")
        answer = self.person.save(f"{self.path}cases/", body)
        if answer is None:
            return
        told = answer["cells"][name]
        if SPACES.sub("", told["value"]) != value or told["kind"] == "erreur":
            raise AssertionError(f"case {name} : {told}")
        self.seen[name] = value
        noted("cell", self.finess, name, value, "done")
