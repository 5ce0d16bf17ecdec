"""The measure beside everything else: how many upserts a second a raw psycopg loop does.

    python -m tests.load.raw CONNECTIONS SECONDS

In a table of the base under load, the same as that of inventories, emptied each time.
"""

import multiprocessing
import sys
import time

import django

django.setup()

import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from common.weeks import current_week  # noqa: E402

PLACES, ITEMS = 40, (1, 2, 3, 5, 6, 7)
TABLE = """
CREATE TABLE IF NOT EXISTS load_raw (LIKE epi_stocks_inventoryline INCLUDING ALL);
TRUNCATE load_raw
"""
RAW = """
INSERT INTO load_raw (week, establishment_id, item_id, stock, saved_at, doubts)
VALUES (%s, %s, %s, %s, now(), 0)
ON CONFLICT (week, establishment_id, item_id) DO UPDATE
   SET stock = EXCLUDED.stock, saved_at = EXCLUDED.saved_at
"""


def upsert(number, address, seconds, answers):
    week, count = current_week(), 0
    with psycopg.connect(**address, autocommit=True) as raw:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            count += 1
            raw.execute(RAW, [week, number * 100 + count % PLACES, ITEMS[count % 6], count])
    answers.put(count)


def main(connections: int, seconds: float) -> None:
    multiprocessing.set_start_method("fork")
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    connection.close()
    found = settings.DATABASES["default"]
    address = {"host": found["HOST"], "dbname": found["NAME"], "user": found["USER"]}
    answers = multiprocessing.Queue()
    processes = [
        multiprocessing.Process(target=upsert, args=(number, address, seconds, answers))
        for number in range(connections)
    ]
    for one in processes:
        one.start()
    total = sum(answers.get(timeout=seconds + 60) for _ in processes)
    for one in processes:
        one.join()
    print(f"{total / seconds:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
