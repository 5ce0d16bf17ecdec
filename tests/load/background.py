"""Cells saved by the services at a given pace, while others look at the figures they feed.

    python -m tests.load.background CELLS_A_SECOND FILE

Until it is ended; FILE says how many were saved, and in how many seconds.
"""

import signal
import sys
import time
from pathlib import Path

from bench import nation


def main(rate: float, told: Path) -> None:
    nation.multiprocessing.set_start_method("fork")
    people = nation.typists()
    with nation.typing(people, rate=rate) as typing:
        begun, before = time.perf_counter(), typing.count
        told.write_text("")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            while True:
                time.sleep(0.5)
        finally:
            spent = time.perf_counter() - begun
            told.write_text(f"{(typing.count - before) / spent:.1f}")


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]))
