"""What every page shares is drawn once, and cannot hold anything of a person."""

from django.template import Context, RequestContext, Template

from common.bare_pages import brand

SHARED = "{% load frame %}{% shared %}{{ PRODUCT_NAME }}/{{ name }}{{ user }}{% endshared %}"


def test_what_is_shared_knows_the_service_and_nothing_of_the_person(rf):
    template = Template(SHARED + " {{ name }}")
    drawn = [template.render(Context({"name": name, "user": name})) for name in ("Anne", "Luc")]
    assert drawn == ["Stocks Santé/ Anne", "Stocks Santé/ Luc"]


def test_no_form_token_can_be_kept(rf):
    form = Template("{% load frame %}{% shared %}<form>{% csrf_token %}</form>{% endshared %}")
    context = RequestContext(rf.get("/"), {"csrf_token": "jeton"})
    assert form.render(context) == "<form></form>"


def test_it_is_drawn_again_for_another_look(settings):
    template = Template(
        "{% load frame %}{% shared %}{% if STATE_BRAND %}État{% endif %}{% endshared %}"
    )
    drawn = []
    for settings.STATE_BRAND in (False, True, False):
        drawn.append(template.render(Context(brand())))
    assert drawn == ["", "État", ""]


def test_the_second_time_nothing_inside_is_drawn():
    seen = []
    template = Template("{% load frame %}{% shared %}{{ PRODUCT_NAME }}{% endshared %}")
    node = template.nodelist[-1]
    draw = node.nodelist.render
    node.nodelist.render = lambda context: seen.append(1) or draw(context)
    assert [template.render(Context()) for _ in range(3)] == ["Stocks Santé"] * 3
    assert len(seen) == 1


def test_its_indentation_is_not_sent_and_its_no_break_spaces_stay():
    written = "<ul>\n    <li>Semaine\u00a0:\u00a047</li>\n\n</ul>"
    template = Template(f"{{% load frame %}}{{% shared %}}{written}{{% endshared %}}")
    assert template.render(Context()) == "<ul>\n<li>Semaine\u00a0:\u00a047</li>\n</ul>"
