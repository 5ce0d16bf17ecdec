import re

import pytest
from django.template.loader import render_to_string

from common.charts.bar_chart import bar_chart
from common.charts.figure import Cell, Column, DataTable, Figure, LegendItem
from common.charts.values import LEVELS, Bar

HOSTILE = '"><script>alert(1)</script>'
BARS = [
    Bar("Établissements d’hébergement pour personnes âgées dépendantes", 5, "5,0 j", "critique"),
    Bar("Centres hospitaliers", 20, "20,0 j", "tendue", "?categorie=355"),
    Bar("Soins à domicile", None, "—", "sans_consommation"),
]


def make_figure(**fields):
    table = DataTable(
        "valeurs",
        "Couverture par catégorie",
        [Column("Catégorie"), Column("Classe"), Column("Couverture", is_number=True)],
        [["Centres hospitaliers", Cell("Tendue", "tendue"), "20,0 j"]],
    )
    legend = [LegendItem("motifs", level, "de 7 à 21", "2 dép.") for level in LEVELS]
    defaults = {"ident": "figure", "caption": "Couverture", "table": table, "legend": legend}
    return Figure(drawing=bar_chart("barres", "Couverture", BARS), **defaults | fields)


def render(figure):
    return render_to_string("components/charts/figure.html", {"figure": figure})


def test_the_longest_bar_takes_the_width_and_the_others_their_share():
    widths = re.findall(r'<rect width="([\d.]+)%"', bar_chart("barres", "Titre", BARS))
    assert widths == ["25.0", "100.0", "0.0"]


def test_a_bar_says_its_whole_name_its_figure_and_its_word():
    drawn = bar_chart("barres", "Titre", BARS)
    assert BARS[0].label in drawn
    assert "<strong>5,0 j</strong> Critique" in drawn
    assert "<strong>—</strong> Sans consommation" in drawn


def test_only_a_bar_with_a_page_is_a_link():
    drawn = bar_chart("barres", "Titre", BARS)
    assert re.findall(r'<a href="([^"]*)">', drawn) == ["?categorie=355"]


def test_a_short_name_gives_the_whole_one_on_hover():
    short = Bar("C.H.", 5, "5,0 j", "critique", "?categorie=355", whole_name="Centre hospitalier")
    whole = Bar("EHPAD", 5, "5,0 j", "critique", "?categorie=500", whole_name="EHPAD")
    drawn = bar_chart("barres", "Titre", [short, whole])
    assert '<a href="?categorie=355" title="Centre hospitalier">C.H.</a>' in drawn
    assert '<a href="?categorie=500">EHPAD</a>' in drawn


def test_bars_all_at_zero_or_absent_are_drawn_empty():
    drawn = bar_chart("barres", "Titre", [Bar("CH", 0, "0 j", "rupture")])
    assert '<rect width="0.0%"' in drawn
    assert bar_chart("barres", "Titre", []).endswith("></ul>")


def test_a_figure_is_named_by_its_caption_and_opens_on_its_values():
    page = render(make_figure(summary="Voir les valeurs des barres", note="Semaine en cours."))
    assert 'role="group" aria-labelledby="figure-legende"' in page
    assert '<figcaption id="figure-legende">Couverture</figcaption>' in page
    assert "<summary>Voir les valeurs des barres</summary>" in page
    assert "Semaine en cours." in page


def test_the_table_beside_a_drawing_has_a_caption_and_headers_both_ways():
    page = render(make_figure())
    assert '<caption id="valeurs-titre">Couverture par catégorie</caption>' in page
    assert page.count('scope="col"') == 3
    assert '<th role="rowheader" scope="row">Centres hospitaliers</th>' in page
    assert '<span class="app-classe app-classe--tendue">Tendue</span>' in page
    assert 'data-label="Couverture" class="app-num">20,0 j</td>' in page


def test_a_row_that_does_not_fit_its_columns_is_refused():
    table = DataTable("valeurs", "Titre", [Column("Catégorie")], [["CH", "3"]])
    with pytest.raises(ValueError, match="zip"):
        _ = table.labelled_rows


def test_a_legend_gives_each_class_its_word_its_range_and_its_count():
    page = render(make_figure())
    assert "<strong>Critique</strong>, de 7 à 21&nbsp;: 2 dép." in page
    assert page.count("<strong>Sans consommation</strong>") == 1


def test_a_figure_may_go_without_legend_nor_table():
    page = render(make_figure(legend=(), table=None))
    assert "<details" not in page
    assert "app-legende" not in page


def test_identifiers_are_unique_and_the_security_policy_holds():
    page = render(make_figure())
    identifiers = re.findall(r'\bid="([^"]*)"', page)
    assert len(identifiers) == len(set(identifiers))
    assert not re.search(r"\s(style|on\w+)=", page)


def test_hostile_words_stay_text():
    table = DataTable("valeurs", HOSTILE, [Column(HOSTILE)], [[HOSTILE]])
    legend = [LegendItem("motifs", "tendue", HOSTILE, HOSTILE)]
    drawing = bar_chart("barres", HOSTILE, [Bar(HOSTILE, 1, HOSTILE, "tendue", HOSTILE)])
    page = render(Figure("figure", HOSTILE, drawing, table, legend, HOSTILE, HOSTILE))
    assert "<script" not in page
