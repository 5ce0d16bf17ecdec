"""The application with a leak, 32 kB a request: the soak must see it (``--leak``)."""

import os

from config.wsgi import application as sound

LEAK = 32_768  # bytes
kept: list[bytes] = []


def application(environ, start_response):
    kept.append(os.urandom(LEAK))  # nothing that the kernel may share
    return sound(environ, start_response)
