"""Serve the metrics to Prometheus on a port of their own, or print them once."""

import signal
from threading import Event

from django.core.management.base import BaseCommand
from prometheus_client import CollectorRegistry, generate_latest, start_http_server

from config.metrics.exposed import Measures


class Command(BaseCommand):
    help = "Sert les métriques pour Prometheus sur un port à part, fermé au public."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=9101)
        parser.add_argument(
            "--address",
            default="127.0.0.1",
            help="127.0.0.1 par défaut. Ailleurs, le port doit rester fermé au public.",
        )
        parser.add_argument("--once", action="store_true", help="Les écrit une fois et s’arrête.")

    def handle(self, *args, port, address, once, **options):
        registry = CollectorRegistry(auto_describe=False)
        registry.register(Measures())
        if once:
            self.stdout.write(generate_latest(registry).decode())
            return
        server, thread = start_http_server(port, addr=address, registry=registry)
        self.stdout.write(f"Métriques\u00a0: http://{address}:{server.server_port}/metrics")
        end = Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: end.set())
        end.wait()
        server.shutdown()
        server.server_close()
        thread.join()
