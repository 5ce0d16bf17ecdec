"""The child process that reads one workbook, under limits of time and memory, and answers in JSON.

``common.tabular.process`` starts it and gives it no setting, no secret and no database address.
"""

import dataclasses
import functools
import io
import json
import resource
import signal
import sys

from common.tabular.archive import check_archive
from common.tabular.errors import TabularError
from common.tabular.table import ColumnSpec, Limits
from common.tabular.workbook import Workbook, read_sheet, read_whole_sheet

Answer = dict[str, object]


def limit_resources(limits: Limits) -> None:
    """From here on, whatever the file does, this process alone ends."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_more_seconds(limits: Limits) -> None:
    """Start the count again: something was read. Processor time, so that a busy machine is fair."""
    signal.setitimer(signal.ITIMER_PROF, limits.stall_seconds)


def answer(
    file: io.BytesIO, columns: list[ColumnSpec], limits: Limits, *, is_whole: bool
) -> Answer:
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, limits.processor_seconds)
        allow_more_seconds(limits)
        check_archive(file, limits)
        workbook = Workbook(file, limits, functools.partial(allow_more_seconds, limits))
        read = read_whole_sheet if is_whole else read_sheet
        table = read(workbook, columns)
    except TabularError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"exhausted": True}
    except Exception as error:  # whatever openpyxl and the parsers raise on a damaged workbook
        return {"damaged": type(error).__name__}
    return {"table": dataclasses.asdict(table)}


def main() -> None:
    request = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**request["limits"])
    columns = [
        ColumnSpec(**column | {"synonyms": tuple(column["synonyms"])})
        for column in request["columns"]
    ]
    limit_resources(limits)
    file = io.BytesIO(sys.stdin.buffer.read())
    found = answer(file, columns, limits, is_whole=request["is_whole"])
    text = json.dumps(found, ensure_ascii=False)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
