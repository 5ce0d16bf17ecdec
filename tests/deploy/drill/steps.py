"""What is played on it, one after the other, and what must be found."""

import json
import re
import time

from tests.accounts.smtp import smtp_server
from tests.deploy.drill.machine import BINARIES, HOST, Drill, DrillError, block_after, must

PEOPLE = ("m.dupont@sante.example", "p.durand@sante.example")


def install(drill: Drill) -> None:
    directory = drill.folder / "finess.csv"
    lines = [
        line.replace("ADRESSE ADRESSE", " ".join(PEOPLE)).replace("FICHIER", str(directory))
        for line in block_after(drill.clone / "README.md", "Sans Docker")
    ]
    with smtp_server() as mails:
        drill.set_variables(mails.port)
        print("— installer : le bloc « Sans Docker » du README", flush=True)
        drill.play(lines)
        drill.wait_until_up()
        check(drill, mails)
        print("— mettre à jour : le bloc de docs/operations/mise-a-jour.md", flush=True)
        upgrade(drill)
        print("— journal : scellé par le processus de tâches, vérifié", flush=True)
        verify(drill)
        print("— sauvegarder par le réseau, rendre", flush=True)
        save(drill)
        print("— témoins : ce qui doit être refusé", flush=True)
        refuse(drill)
        drill.stop_services()


def check(drill: Drill, mails) -> None:
    status, body = drill.ask("/sante/")
    must(status == 200 and json.loads(body)["status"] == "ok", "/sante/ répond 200, tout va bien")
    status, page = drill.ask("/comptes/connexion/")
    must(status == 200, "la page de connexion répond 200")
    sheet = re.search(r'href="(/static/[^"]+\.css)"', page)
    must(sheet and drill.ask(sheet[1])[0] == 200, "sa feuille de style aussi")
    links = wait_for_links(mails)
    if set(links) != set(PEOPLE):
        told = [(one["To"], one["Subject"]) for one in mails.mails]
        jobs = drill.select("SELECT task_name, status, attempts FROM procrastinate_jobs")
        raise DrillError(f"Les deux liens ne sont pas arrivés : {told}\n{jobs}")
    must(links, "les deux premiers comptes nationaux ont reçu chacun leur lien")
    for link in links.values():
        must(drill.opens(link), "il mène au choix du mot de passe")
        forged = link.rstrip("/")[:-1] + ("a" if link.rstrip("/")[-1] != "a" else "b") + "/"
        must(not drill.opens(forged), "changé d’une lettre, il ne mène nulle part")
    drill.run("python manage.py procrastinate healthchecks")  # what docker-compose.yml asks workers
    must(drill.select("SELECT count(*) FROM establishments_establishment") == "2", "2 sites FINESS")


def wait_for_links(mails) -> dict[str, str]:
    """The address of the link that each person received, once all have one or a minute is over."""
    links: dict[str, str] = {}
    for _ in range(600):
        for one in list(mails.mails):
            text = one.get_body(preferencelist=("plain",)).get_content()
            found = re.search(rf"https://{HOST}(/\S*/nouveau/\S+)", text)
            if found:
                links[one["To"]] = found[1]
        if len(links) == len(PEOPLE):
            break
        time.sleep(0.1)
    return links


def upgrade(drill: Drill) -> None:
    accounts = drill.select("SELECT count(*), max(date_joined) FROM accounts_user")
    lines = block_after(drill.clone / "docs/operations/mise-a-jour.md", "Sans Docker")
    closing, *rest = lines
    must("maintenance" in closing, "la première commande ferme le site")
    drill.play([closing])
    must(drill.ask("/comptes/connexion/")[0] == 503, "fermé : les pages répondent 503")
    must(drill.ask("/sante/")[0] == 200, "et /sante/ 200")
    drill.play(rest)
    must(drill.ask("/comptes/connexion/")[0] == 200, "rouvert : les pages répondent 200")
    after = drill.select("SELECT count(*), max(date_joined) FROM accounts_user")
    must(accounts == after, "les comptes sont les mêmes")


def verify(drill: Drill) -> None:
    """The batches closed each minute, and the heads beside the data."""
    for _ in range(180):
        if drill.counts("journal_seal"):
            break
        time.sleep(1)
    told = drill.run("python manage.py verify_journal", JOURNAL_KEY=drill.journal_key)
    must(
        "Le journal est intact" in told and " 0 têtes" not in told, "le journal est scellé, intact"
    )
    drill.run('test -s "$DATA_DIR/journal-seals.jsonl"')
    try:
        drill.run("python manage.py verify_journal")
    except DrillError as refusal:
        must("JOURNAL_KEY manque" in str(refusal), "le site, sans la clé, ne peut pas le relire")
    else:
        raise DrillError("Le journal se vérifie sans sa clé.")


def save(drill: Drill) -> None:
    """As the service of docker-compose.yml: the role with its password, through the network."""
    key, repository, given = (drill.folder / name for name in ("key", "repository", "given"))
    public = drill.run(f"python manage.py backup key {key}").strip().partition("=")[2]
    password, port = drill.passwords["BACKUP"], drill.database_port
    variables = {
        "BACKUP_RECIPIENT": public,
        "BACKUP_DIR": str(repository),
        "BACKUP_DATABASE_URL": f"postgresql://stocks_backup:{password}@127.0.0.1:{port}/",
        "BACKUP_PROGRAMS": str(BINARIES),
        "BACKUP_SECONDS": "1",
    }
    drill.environment |= variables
    drill.start_service("python manage.py backup follow")
    for _ in range(600):
        if json.loads(drill.ask("/sante/")[1]).get("backup") == "ok":
            break
        time.sleep(0.2)
    must(
        json.loads(drill.ask("/sante/")[1])["backup"] == "ok",
        "la copie entière est faite, et /sante/ le dit",
    )
    drill.run(f"python manage.py backup verify --identity {key}")
    drill.run(f"python manage.py backup restore --identity {key} --to {given}")
    must((given / "pg/PG_VERSION").exists(), "la sauvegarde se rend")


def refuse(drill: Drill) -> None:
    for table in ("journal_entry", "django_migrations"):
        must(drill.refuses(f"DELETE FROM {table}"), f"le rôle du site ne retire rien de {table}")
    copy_role = f"postgresql://stocks_backup:{drill.passwords['BACKUP']}@127.0.0.1"
    copy = f"{copy_role}:{drill.database_port}"
    drill.run(f"{BINARIES}/pg_basebackup -d {copy} -D {drill.folder}/copie -c fast --no-sync")
    must((drill.folder / "copie/PG_VERSION").exists(), "le rôle des sauvegardes copie le serveur")
    must(
        drill.refuses("SELECT FROM accounts_user", f"{copy}/stocks_sante"),
        "et ne lit aucune table",
    )
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "TRUSTED_PROXY_COUNT"):
        try:
            drill.run("python manage.py check 2>&1", **{name: ""})
        except DrillError as refusal:
            must(name in str(refusal), f"sans {name}, rien ne démarre, et c’est dit")
        else:
            raise DrillError(f"Le site démarre sans {name}.")
