import itertools
import re
from xml.etree import ElementTree

import pytest

from common.charts import labels, layers, region_map
from common.charts.country_map import country_map, country_map_by_region
from common.charts.geometry import Box, Frame, spans_of
from common.charts.outlines import outlines
from common.charts.region_map import region_map as draw_region
from common.charts.values import LEVEL_WORDS, LEVELS, MapValue

DEPARTMENTS_BY_REGION = {
    "01": ("971",),
    "02": ("972",),
    "03": ("973",),
    "04": ("974",),
    "06": ("976",),
    "11": ("75", "77", "78", "91", "92", "93", "94", "95"),
    "24": ("18", "28", "36", "37", "41", "45"),
    "27": ("21", "25", "39", "58", "70", "71", "89", "90"),
    "28": ("14", "27", "50", "61", "76"),
    "32": ("02", "59", "60", "62", "80"),
    "44": ("08", "10", "51", "52", "54", "55", "57", "67", "68", "88"),
    "52": ("44", "49", "53", "72", "85"),
    "53": ("22", "29", "35", "56"),
    "75": ("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87"),
    "76": ("09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82"),
    "84": ("01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"),
    "93": ("04", "05", "06", "13", "83", "84"),
    "94": ("2A", "2B"),
}
ALL = tuple(sorted(code for codes in DEPARTMENTS_BY_REGION.values() for code in codes))
SVG = "{http://www.w3.org/2000/svg}"
every_region = pytest.mark.parametrize("region", DEPARTMENTS_BY_REGION)


def make_values(codes, *, value_text="16,8\u00a0j", level=None):
    return tuple(
        MapValue(
            code,
            value_text,
            level or LEVELS[rank % len(LEVELS)],
            f"Département {code} : {value_text}",
            f"?departement={code}",
        )
        for rank, code in enumerate(codes)
    )


def parse(drawing):
    """Fails on what is not well-formed; an SVG inside HTML does not say its namespace."""
    return ElementTree.fromstring(  # noqa: S314 our own drawing
        drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    )


def links_of(drawing):
    return [link.get("href") for link in parse(drawing).iter(f"{SVG}a")]


def country_by_region():
    values = [
        MapValue(code, "16,8\u00a0j", "tendue", f"Région {code}", f"?region={code}", f"Nom {code}")
        for code in DEPARTMENTS_BY_REGION
    ]
    return country_map_by_region("regions", "Par région", values, DEPARTMENTS_BY_REGION)


def test_each_of_the_101_departments_has_an_outline_and_a_name():
    assert len(ALL) == 101
    assert tuple(sorted(outlines())) == ALL
    assert all(outline.rings and outline.name for outline in outlines().values())


def test_an_outline_is_read_where_it_stands_on_the_map_of_france():
    known = outlines()
    assert known["59"].bounds.top < known["75"].bounds.top < known["66"].bounds.top
    assert known["29"].bounds.left < known["75"].bounds.left < known["67"].bounds.left
    assert Box(0, 0, 1010, 1010).contains(known["2A"].bounds)


@every_region
def test_a_region_shows_its_departments_as_links_and_no_other(region):
    codes = DEPARTMENTS_BY_REGION[region]
    drawing = draw_region("carte", "Couverture", make_values(codes))
    assert sorted(links_of(drawing)) == sorted(f"?departement={code}" for code in codes)


@every_region
def test_each_link_says_the_whole_sentence_to_a_screen_reader(region):
    codes = DEPARTMENTS_BY_REGION[region]
    svg = parse(draw_region("carte", "Couverture", make_values(codes)))
    spoken = {link.find(f"{SVG}title").text for link in svg.iter(f"{SVG}a")}
    assert spoken == {f"Département {code} : 16,8\u00a0j" for code in codes}
    assert svg.get("role") == "group"
    assert svg.find(f"{SVG}title").get("id") == svg.get("aria-labelledby")
    assert svg.find(f"{SVG}title").text == "Couverture"


@every_region
@pytest.mark.parametrize("value_text", ["0,5\u00a0j", "1\u202f024,5\u00a0j"])
def test_labels_neither_overlap_nor_leave_the_sheet(region, value_text):
    values = make_values(
        DEPARTMENTS_BY_REGION[region], value_text=value_text, level="sans_consommation"
    )
    plates = [plate for plate in region_map.plates_of(values) if plate]
    for style in (layers.LARGE, layers.PHONE):
        lines = [
            (label.value.code, box)
            for plate in plates
            for label in plate.labels[style]
            for _, box in label.line_boxes
            if plate.box.contains(box)
        ]
        assert {code for code, _ in lines} == {value.code for value in values}
        assert len(lines) == sum(
            len(label.lines) for plate in plates for label in plate.labels[style]
        )
        assert not [
            (one, other)
            for (one, box), (other, other_box) in itertools.combinations(lines, 2)
            if one != other and box.overlaps(other_box)
        ]


def test_words_too_long_for_the_sheet_are_still_written():
    values = make_values(DEPARTMENTS_BY_REGION["76"], value_text="valeur inconnue " * 5)
    svg = parse(draw_region("carte", "Couverture", values))
    printed = [line.text for line in svg.iter(f"{SVG}tspan")]
    assert printed.count("valeur inconnue " * 5) == 2 * len(values)


def test_labels_are_placed_once_for_all_who_look_at_the_same_figures():
    region_map.plates_of.cache_clear()
    for page in ("?semaine=46", "?semaine=47"):
        value = MapValue("18", "16,8\u00a0j", "tendue", f"Cher, {page}", page)
        assert links_of(draw_region("carte", "Couverture", [value])) == [page]
    assert region_map.plates_of.cache_info().misses == 1


@every_region
def test_a_label_outside_covers_no_department(region):
    values = make_values(DEPARTMENTS_BY_REGION[region])
    for plate in filter(None, region_map.plates_of(values)):
        shapes = [spans_of(outlines()[v.code].rings, plate.frame) for v in plate.values]
        outside = [label for style in plate.labels.values() for label in style if label.is_outside]
        assert not [
            label for label in outside if any(labels.touches(shape, label.box) for shape in shapes)
        ]


def test_a_department_says_its_name_its_figure_and_its_word():
    drawing = draw_region("carte", "Couverture", make_values(["18"], level="tendue"))
    large = parse(drawing).find(f".//{SVG}g[@class='app-carte__large']")
    assert [line.text for line in large.iter(f"{SVG}tspan")] == ["Cher", "16,8\u00a0j", "Tendue"]
    assert large.get("aria-hidden") == "true"


def test_paris_and_its_suburbs_are_drawn_again_larger_under_the_same_links():
    codes = DEPARTMENTS_BY_REGION["11"]
    svg = parse(draw_region("carte", "Couverture", make_values(codes)))
    shapes = {
        link.get("href")[-2:]: len(list(link.iter(f"{SVG}path"))) for link in svg.iter(f"{SVG}a")
    }
    assert shapes == {code: 2 if code in {"75", "92", "93", "94"} else 1 for code in codes}


def test_a_code_without_outline_is_left_to_the_table():
    values = make_values(["18", "975"])
    assert links_of(draw_region("carte", "Couverture", values)) == ["?departement=18"]
    assert draw_region("carte", "Couverture", values[1:]) == ""


def test_a_value_without_page_is_drawn_without_link():
    value = MapValue("18", "16,8\u00a0j", "tendue", "Cher : 16,8 jours")
    drawing = draw_region("carte", "Couverture", [value])
    assert links_of(drawing) == []
    assert "Cher : 16,8 jours" in drawing


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_has_its_own_fill_defined_in_the_drawing(level):
    drawing = draw_region("carte", "Couverture", make_values(["18"], level=level))
    name = level.replace("_", "-")
    if level in {"rupture", "suffisante"}:
        assert f'<path class="app-fond-{name}"' in drawing
    else:
        assert f'fill="url(#carte-{name})"' in drawing
        assert f'<pattern id="carte-{name}"' in drawing
    assert LEVEL_WORDS[level]


def test_the_country_links_each_department_once():
    drawing = country_map("pays", "Couverture", make_values(ALL))
    assert sorted(links_of(drawing)) == sorted(f"?departement={code}" for code in ALL)


def test_a_department_without_value_stays_on_the_map_without_link():
    drawing = country_map("pays", "Couverture", make_values(["18"]))
    assert links_of(drawing) == ["?departement=18"]
    assert drawing.count('class="app-voisin"') == 95


def test_the_country_by_region_links_each_region_once_with_all_its_departments():
    drawing = country_by_region()
    assert links_of(drawing) == [
        *(f"?region={code}" for code in DEPARTMENTS_BY_REGION if len(code) == 2 and code > "06"),
        *(f"?region={code}" for code in ("01", "02", "03", "04", "06")),
    ]
    shapes = {
        link.get("href")[-2:]: len(list(link.iter(f"{SVG}path")))
        for link in parse(drawing).iter(f"{SVG}a")
    }
    assert shapes == {code: len(codes) for code, codes in DEPARTMENTS_BY_REGION.items()}


@pytest.mark.parametrize(
    ("drawing", "limit"),
    [
        *(
            (lambda codes=codes: draw_region("carte", "C", make_values(codes)), 60_000)
            for codes in DEPARTMENTS_BY_REGION.values()
        ),
        (lambda: country_map("pays", "Couverture", make_values(ALL)), 80_000),
        (country_by_region, 80_000),
    ],
)
def test_a_map_is_light_and_keeps_the_security_policy(drawing, limit):
    drawn = drawing()
    identifiers = re.findall(r'\bid="([^"]*)"', drawn)
    assert len(identifiers) == len(set(identifiers))
    assert not re.search(r"\s(style|on\w+)=", drawn)
    assert "<script" not in drawn
    assert len(drawn.encode()) < limit


def test_a_region_says_its_word_where_it_fits_and_is_always_named():
    names = {"11": "Île-de-France", "93": "Provence-Alpes-Côte d’Azur", "94": "Corse"}
    values = [
        MapValue(code, "16,8\u00a0j", "tendue", "", None, names.get(code, f"Nom {code}"))
        for code in DEPARTMENTS_BY_REGION
    ]
    drawing = country_map_by_region("regions", "Par région", values, DEPARTMENTS_BY_REGION)
    large, phone = drawing.split('class="app-carte__etroite"')[:2]
    assert large.count("16,8") >= 13
    assert phone.count("16,8") >= 13
    assert large.count(LEVEL_WORDS["tendue"]) >= 11
    assert drawing.count(LEVEL_WORDS["tendue"]) >= 11 + 2 * 5
    assert all(name in large for name in ("IdF", "PACA", "Corse"))


def test_a_hostile_name_stays_text():
    hostile = '"><script>alert(1)</script>'
    value = MapValue("18", hostile, "tendue", hostile, f"?{hostile}", hostile)
    for drawing in (
        draw_region("carte", hostile, [value]),
        country_map("pays", hostile, [value]),
        country_map_by_region("regions", hostile, [value], {"18": ["18"]}),
    ):
        assert "<script" not in drawing
        assert parse(drawing).find(f"{SVG}title").text == hostile


def test_a_frame_keeps_proportions_and_centres():
    frame = Frame.fitting(Box(10, 10, 20, 30), Box(0, 0, 100, 100))
    assert frame.scale == 5
    assert frame.place((15, 20)) == (50, 50)
