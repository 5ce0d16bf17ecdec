"""Writing 50,000 rows of XLSX, against openpyxl's write-only mode, in the same run."""

import resource
import tempfile
import time
import tracemalloc
from datetime import date

from openpyxl import Workbook

from common.exports import write_xlsx

HEADERS = ["FINESS", "Établissement", "Semaine", "Stock", "Consommation", "Approvisionnement"]
ROWS = 50_000


def rows():
    """Rows like those of the inventory's export."""
    monday = date(2026, 11, 16)
    for number in range(ROWS):
        yield f"{number:09d}", f"EHPAD Les Lilas {number}", monday, number, number % 97, None


def ours(path: str) -> None:
    write_xlsx(path, "Inventaire", HEADERS, rows())


def theirs(path: str) -> None:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Inventaire")
    sheet.append(HEADERS)
    for row in rows():
        sheet.append(row)
    workbook.save(path)


def seconds(write) -> float:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        start = time.process_time()  # the other programs of a noisy machine do not count
        write(file.name)
        return time.process_time() - start


def peak_mebibytes(write) -> float:
    tracemalloc.start()
    seconds(write)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def main() -> None:
    measured = min(seconds(ours) for _ in range(3))
    reference = min(seconds(theirs) for _ in range(3))
    memory = peak_mebibytes(ours)
    print(f"export XLSX de {ROWS} lignes : {measured:.1f} s, openpyxl {reference:.1f} s")
    print(f"  rapport {reference / measured:.2f} (but ≥ 1,5), mémoire {memory:.1f} MiB (but < 15)")
    print(
        f"  mémoire du processus : {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"
    )


if __name__ == "__main__":
    main()
