"""What the tests of the pages of who follows and corrects have in common."""

LINES = "/dispostock/vaccins/covid/approvisionnement/lignes/"
CORRECT, CREATE = f"{LINES}corriger/", f"{LINES}creer/"
ROOT = "/dispostock/vaccins/covid/approvisionnement/"


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def moving(two, *lines, **typed):
    asked = {"geste": "deplacer", "ligne": [line.pk for line in lines], "motif": "Mauvais EHPAD"}
    return asked | {"destinataire": "", "pui": ""} | typed


def done(page, **more):
    """What the page read sends back."""
    context = page.context
    sent = {"geste": context["act"], "etape": "faire"} | dict(context["hidden"])
    sent["ligne"] = [number for number, _ in context["seen"]]
    sent["vu"] = [f"{number}:{place}" for number, place in context["seen"]]
    return sent | more
