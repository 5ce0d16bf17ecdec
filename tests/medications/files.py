"""Tables of codes as their publishers write them, made by hand."""

from common.identifiers import ucd13_of

CNAM_HEADERS = (
    "ucd7;ucd13;label;short_label;form;strength;strength_unit;route;atc_code;atc_label;laboratory"
)
CIO_HEADERS = "CodeUCD;CodeCIP;LibelleUCD;LibelleCIP;Laboratoire;Qte;Date;CodeUCD13;CodeCIP13"
BDPM_HEADERS = "cip13;cis;name;form;route;presentation;marketed"


def cnam_line(code="9276549", label="BELUSTINE 40 mg", *, ucd13=None, atc="L01AD02", **fields):
    defaults = {
        "form": "GELULE",
        "strength": "",
        "unit": "",
        "substance": "LOMUSTINE",
        "laboratory": "LABO REEL",
    }
    told = defaults | fields
    ucd13 = ucd13_of(code) if ucd13 is None else ucd13
    composition = (told["form"], told["strength"], told["unit"], "")
    return ";".join(
        (
            code,
            ucd13,
            label,
            label.upper(),
            *composition,
            atc,
            told["substance"],
            told["laboratory"],
        )
    )


def cio_line(
    code, cip13, label="MIDAZOLAM REEL 50MG/10ML AMP", *, laboratory="LABO REEL", units=10
):
    labels = (label, f"{label} B/{units}")
    numbers = (str(units), "01/11/2022", ucd13_of(code), cip13)
    return ";".join((code, cip13[5:12], *labels, laboratory, *numbers))


def write(path, headers, lines, *, encoding="utf-8", titles=()):
    text = "\r\n".join([*titles, headers, *lines, ""])
    path.write_bytes(text.encode(encoding))
    return path
