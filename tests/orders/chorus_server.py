"""A small Chorus Pro of our own: its token, its deposits, its structures, and its bad days."""

import base64
import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs

from tests.local_server import LocalServer

ACCOUNT = {
    "client_id": "client",
    "client_secret": "secret-piste",
    "login": "TECH_1@cpp.example",
    "password": "mot-de-passe",
}

DEPOSIT = "factures/v1/deposer/flux"


@dataclass
class Chorus(LocalServer):
    """``failures`` are the next statuses to answer with, by path; None: hang up without a word.

    ``lost``: the next deposits are kept, their answer is not sent.
    """

    structures: dict = field(default_factory=dict)  # by SIRET: parameters and services
    deposits: dict = field(default_factory=dict)  # by number of flow
    invoices: dict = field(default_factory=dict)  # by number: its row there
    failures: dict = field(default_factory=dict)
    lost: int = 0
    closed: bool = False  # its structures are
    rejects: str = ""
    report: str = "IN_INTEGRE"  # the state of the next flows
    calls: list = field(default_factory=list)
    tokens: set = field(default_factory=set)
    numbers: count = field(default_factory=lambda: count(1))

    def start(self):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.chorus = self
        self.serve(server)
        return self

    @property
    def settings(self):
        return ACCOUNT | {"token_url": f"{self.url}/token", "api_url": f"{self.url}/cpro"}

    def asked(self, path):
        return [content for called, content in self.calls if called == path]

    def token(self, form):
        sent = {name: values[0] for name, values in form.items()}
        known = {name: ACCOUNT[name] for name in ("client_id", "client_secret")}
        if sent != known | {"grant_type": "client_credentials", "scope": "openid"}:
            return 401, {"error_description": "client inconnu"}
        token = f"jeton-{next(self.numbers)}"
        self.tokens.add(token)
        return 200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}

    def answer(self, path, content):
        match path:
            case "factures/v1/deposer/flux":
                return self.deposit(content)
            case "transverses/v1/consulterCRDetaille":
                return self.deposits[content["numeroFluxDepot"]]
            case "factures/v1/rechercher/fournisseur":
                return {"codeRetour": 0, "listeFactures": self.found(content)}
            case "factures/v1/consulter/historique":
                return self.history(content["idFacture"])
            case "structures/v1/rechercher":
                siret = content["structure"]["identifiantStructure"]
                known = [
                    {
                        "idStructureCPP": int(siret),
                        "designationStructure": f"Structure {siret}",
                        "statut": "INACTIF" if self.closed else "ACTIF",
                    }
                ]
                return {
                    "codeRetour": 0,
                    "listeStructures": known if siret in self.structures else [],
                }
            case "structures/v1/consulter":
                wanted, _ = self.structures[str(content["idStructureCPP"])]
                return {"codeRetour": 0, "parametres": wanted}
            case "structures/v1/rechercher/services":
                _, services = self.structures[str(content["idStructure"])]
                page = content.get("parametresRechercherServicesStructure", {})
                shown = services[: page.get("nbResultatsParPage", 10)]
                return {"codeRetour": 0, "listeServices": shown}
        return None

    def deposit(self, content):
        number = content["nomFichier"].removesuffix(".pdf")
        assert content["syntaxeFlux"] == "IN_DP_E2_CII_FACTURX"
        assert base64.b64decode(content["fichierFlux"]).startswith(b"%PDF")
        flow = f"CPP{next(self.numbers)}"
        report = {"codeRetour": 0, "etatCourantDepotFlux": self.report, "listeErreurDP": []}
        reason = f"La facture {number} existe déjà" if number in self.invoices else self.rejects
        if reason:
            report["etatCourantDepotFlux"] = "IN_REJETE"
            report["listeErreurDP"] = [{"numeroDP": number, "libelleErreurDP": reason}]
        elif self.report.startswith("IN_INTEGRE"):
            row = {"identifiantFactureCPP": next(self.numbers), "numeroFacture": number}
            self.invoices[number] = row | {"statut": "DEPOSEE", "flow": flow, "steps": []}
        self.deposits[flow] = report
        return {"codeRetour": 0, "numeroFluxDepot": flow}

    def found(self, content):
        flow, number = content.get("numeroFluxDepot"), content.get("numeroFacture")
        return [
            one
            for one in self.invoices.values()
            if one["flow"] == flow or one["numeroFacture"] == number
        ]

    def history(self, number):
        row = next(o for o in self.invoices.values() if o["identifiantFactureCPP"] == number)
        told = {"idFacture": number, "statutCourantCode": row["statut"]}
        return told | {"codeRetour": 0, "historiquesDesStatuts": {"histoStatut": row["steps"]}}

    def move(self, number, state, comment=""):
        """Its history is told the last step first."""
        row = self.invoices[number]
        step = {
            "histoStatutCode": state,
            "histoStatutCommentaire": comment,
            "histoStatutDatePassage": f"2020-11-{len(row['steps']) + 1:02d}T10:00:00.000+01:00",
        }
        row |= {"statut": state, "steps": [step, *row["steps"]]}

    def expire_tokens(self):
        self.tokens.clear()


class Handler(BaseHTTPRequestHandler):
    """Reads a call, fails when the test asked for it, else answers as Chorus Pro would."""

    def do_POST(self):
        self.chorus = self.server.chorus
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            self.say(*self.chorus.token(parse_qs(body.decode())))
        else:
            self.call(self.path.removeprefix("/cpro/"), json.loads(body))

    def call(self, path, content):
        self.chorus.calls.append((path, content))
        if failures := self.chorus.failures.get(path):
            return self.fail(failures.pop(0))
        if not self.is_known():
            return self.say(401, {"libelle": "jeton refusé"})
        told = self.chorus.answer(path, content)
        if path == DEPOSIT and self.chorus.lost:
            self.chorus.lost -= 1
            return self.fail(None)
        return self.say(200, told) if told is not None else self.say(404, {})

    def is_known(self):
        pair = base64.b64encode(f"{ACCOUNT['login']}:{ACCOUNT['password']}".encode()).decode()
        token = self.headers["Authorization"].removeprefix("Bearer ")
        return token in self.chorus.tokens and self.headers["cpro-account"] == pair

    def fail(self, status):
        if status is None:
            self.close_connection = True
        elif status == 200:
            self.say(200, {"codeRetour": 20, "libelle": "Structure non habilitée"})
        elif status == "vide":
            self.say(200, {"codeRetour": 0})
        else:
            self.say(status, {"libelle": "panne"})

    def say(self, status, content):
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass
