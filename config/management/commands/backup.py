"""Save the base and its files, sealed; read again what was saved; give it back."""

import signal
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.backups.errors import BackupError
from config.backups.files import FileKeeper
from config.backups.follow import Follower, follow
from config.backups.full import forget_files, forget_old, make_full, sweep
from config.backups.last import LastBackup, last_backup, note
from config.backups.repository import Repository
from config.backups.restore import Restoration, empty, shown
from config.backups.sealing import identities, make_key, recipients


def leave(*_):
    raise SystemExit(0)


class Command(BaseCommand):
    help = "Sauvegarde la base et ses fichiers, chiffrés, les vérifie, les rend à un instant."
    requires_system_checks = []  # giving back comes before there is a database

    def add_arguments(self, parser):
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser(
            "key", help="fait une clé\u00a0; montre sa partie publique"
        ).add_argument("file", type=Path)
        actions.add_parser("full", help="une copie entière, puis oublie les trop anciennes")
        actions.add_parser("follow", help="suit le journal de PostgreSQL, sans s’arrêter")
        files = actions.add_parser("files", help="les fichiers, quand pgBackRest garde la base")
        files.add_argument("--days", type=int, default=35, help="jours où l’on peut revenir")
        actions.add_parser("list", help="ce que contient le dépôt")
        verify = actions.add_parser("verify", help="relit tout, comme pour rendre")
        restore = actions.add_parser("restore", help="rend la base et ses fichiers")
        for one in (verify, restore):
            one.add_argument("--identity", type=Path, required=True, help="la clé privée")
        restore.add_argument("--to", type=Path, required=True, help="un dossier vide")
        restore.add_argument("--files", action="store_true", help="les fichiers seulement")
        restore.add_argument("--at", help="2026-11-23T15:45:00+01:00\u00a0; sans lui, tout")

    def handle(self, *args, action, **options):
        try:
            getattr(self, action)(**options)
        except BackupError as failure:
            raise CommandError(str(failure)) from failure
        except OSError as failure:
            raise CommandError(
                f"{failure.strerror or failure}\u00a0: ce qui était commencé n’est pas gardé. "
                "Vérifiez la place et les droits de "
                f"«\u00a0{failure.filename or settings.BACKUP_DIR}\u00a0»."
            ) from failure

    def key(self, *, file, **options):
        self.stdout.write(f"BACKUP_RECIPIENT={make_key(file)}")

    def full(self, **options):
        repository = self.repository()
        full = make_full(repository, recipients(settings.BACKUP_RECIPIENT))
        size = sum(one.sealed_size for one in full.pieces)
        known = last_backup()
        note(LastBackup(full.ended, size, known.log if known else None))
        gone = forget_old(repository, max(1, settings.BACKUP_KEPT))
        self.stdout.write(
            f"Copie entière du {shown(full.ended)}, {size} octets chiffrés. "
            f"Anciennes oubliées\u00a0: {len(gone)}."
        )

    def follow(self, **options):
        keys = recipients(settings.BACKUP_RECIPIENT)
        follower = Follower(self.repository(), keys, settings.BACKUP_SPOOL)
        signal.signal(signal.SIGTERM, leave)
        follow(follower)

    def files(self, *, days, **options):
        repository = self.repository()
        keys = recipients(settings.BACKUP_RECIPIENT)
        with repository.alone("files"):
            repository.make_folders()
            count = FileKeeper(repository, keys).keep(timezone.now)
            if not repository.list_fulls():  # else they say what serves nobody
                forget_files(repository, timezone.now() - timedelta(days=days))
                sweep(repository)
        self.stdout.write(f"Fichiers gardés\u00a0: {count}.")

    def list(self, **options):
        repository = self.repository()
        for one in repository.list_fulls():
            size = sum(piece.sealed_size for piece in one.pieces)
            self.stdout.write(f"{shown(one.ended)}  {size} octets  depuis {one.segment}")
        reached = repository.reached()
        self.stdout.write(
            f"Journal reçu jusqu’au {shown(reached.at)}." if reached else "Journal non suivi."
        )

    def verify(self, *, identity, **options):
        restoration = Restoration(self.repository(), identities(identity))
        with tempfile.TemporaryDirectory(prefix=".verify-", dir=settings.DATA_DIR) as folder:
            restoration.verify(Path(folder) / "pg", self.stdout.write)
        self.stdout.write("Cette sauvegarde peut être rendue.")

    def restore(self, *, identity, to, at, files, **options):
        restoration = Restoration(self.repository(), identities(identity), self.instant(at))
        if files:
            restoration.give_files(empty(to.absolute()), self.stdout.write)
            return
        restoration.give_back(to.absolute(), self.stdout.write)
        self.stdout.write(
            f"Rendu dans «\u00a0{to}\u00a0»\u00a0: pg est le dossier de PostgreSQL, arrêté et prêt."
        )

    def instant(self, text):
        if text is None:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError as failure:
            raise CommandError(
                f"«\u00a0{text}\u00a0» n’est pas un instant\u00a0: 2026-11-23T15:45:00+01:00."
            ) from failure
        return at if at.tzinfo else timezone.make_aware(at)

    def repository(self):
        return Repository(self.folder())

    def folder(self):
        if settings.BACKUP_DIR is None:
            raise BackupError(
                "Le dépôt des sauvegardes manque\u00a0: donnez BACKUP_DIR, un dossier d’un autre "
                "disque ou d’une autre machine."
            )
        return settings.BACKUP_DIR
