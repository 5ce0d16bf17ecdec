"""« Télécharger les remarques »: everything that is said of the lines, beside one's own file."""

from pui.transfer.preview import Preview
from pui.transfer.shapes import Kind, Line

REMARK_HEADERS = ("Ligne", "Code", "Libellé", "Colonne", "Valeur reçue", "Pourquoi", "Accepté")


def remark_rows(preview: Preview) -> list[tuple[object, ...]]:
    """The rows of « Télécharger les remarques », under ``REMARK_HEADERS``."""
    rows: list[tuple[object, ...]] = []
    for one in preview.everything:
        line = one.line
        rows += [(line.number, line.code, one.label, *remark) for remark in line.remarks]
        rows += [
            (line.number, line.code, one.label, "UCD", line.code, code_remark(line), "")
            for _ in range(line.kind in (Kind.UNKNOWN, Kind.OUTSIDE))
        ]
        rows += [(line.number, line.code, one.label, "Écart", "", gap, "") for gap in one.gaps]
    return sorted(rows, key=lambda row: row[0])


def code_remark(line: Line) -> str:
    """Why a code is doubtful, with what it may stand for."""
    if line.kind is Kind.OUTSIDE:
        return "Hors de la liste suivie\u00a0: laissé de côté"
    likely = "\u00a0; ".join(f"{one.code} {one.label} ({one.reason})" for one in line.proposals)
    return f"Code non reconnu. Proposition\u00a0: {likely}"
