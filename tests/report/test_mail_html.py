"""The HTML: what mail clients let through, readable in light and dark."""

import re
from itertools import pairwise

import html5lib
import pytest
from reports import worst_day

from healthcheck.report import render
from healthcheck.report.provider_links import PROVIDER_LINKS
from healthcheck.report.render import template

ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td",
    "div", "span", "b", "i", "code", "a", "h1", "h2", "h3",
}  # fmt: skip
HEADINGS = {"h1", "h2", "h3"}
READABLE = 4.5
"""WCAG 2.2, 1.4.3 Contrast (Minimum), level AA."""


@pytest.fixture(params=["sample", "healthy", "silent", "hostile", "worst"])
def html(request):
    if request.param == "worst":
        return render(worst_day()).html
    return render(request.getfixturevalue(f"{request.param}_report")).html


def elements(html):
    """Reads as strictly as the standard says: any parse error is raised."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html)


def test_it_is_html_without_an_error(html):
    assert html.startswith("<!DOCTYPE html>\n<html lang=en>")
    assert " | LLM health 10 Mar 2026" in elements(html).find("head/title").text


def test_it_has_nothing_that_is_loaded_or_run_and_links_to_known_providers_alone(html):
    root = elements(html)
    assert {node.tag for node in root.iter() if isinstance(node.tag, str)} <= ALLOWED
    known = {url for row in PROVIDER_LINKS.values() for url in row.values()}
    for node in root.iter():
        assert node.attrib.get("href") in {None, *known}
        assert not {"src", "action", "background", "srcset"} & set(node.attrib)
        assert not [name for name in node.attrib if name.startswith("on")]
        assert "url(" not in node.attrib.get("style", "")
    (style,) = root.iter("style")
    assert not re.search(r"url\(|@import|@font-face", style.text)


def test_it_is_laid_out_with_tables_for_looks_only(html):
    for table in elements(html).iter("table"):
        assert table.attrib["role"] == "presentation"
    assert not re.search(r"display:\s*(flex|grid)|position:", html)


def test_long_names_wrap_and_the_width_is_the_screens(html):
    assert "width=device-width" in html
    assert "overflow-wrap:anywhere" in html
    assert "max-width:640px" in html


def test_outlook_has_a_width_to_keep_and_a_preheader_to_hide(html):
    ghosts = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", html)
    assert re.fullmatch(r"<table role=presentation width=640 .*><tr><td>", ghosts[0])
    assert ghosts[1:] == ["</td></tr></table>"]
    assert "display:none;mso-hide:all" in html.split("<body")[1][:200]


def test_padding_is_on_cells_where_outlook_keeps_it(html):
    for node in elements(html).find("body").iter("div"):
        assert "padding" not in node.attrib.get("style", "")


def test_no_cell_is_empty(html):
    for cell in elements(html).iter("td"):
        assert "".join(cell.itertext()).strip()


def test_headings_are_in_order(html):
    levels = [int(node.tag[1]) for node in elements(html).iter() if node.tag in HEADINGS]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("screen", ["LIGHT", "DARK"])
def test_levels_of_failing_differ_in_lightness(screen):
    colors = template("colors.j2").module
    levels = getattr(colors, screen)["levels"]
    for one, next_one in pairwise(levels):
        assert _contrast(one, next_one) >= 1.7
    assert _contrast(levels[0], levels[-1]) >= 3


def test_no_data_stands_in_an_attribute(html):
    for node in elements(html).iter():
        for name, value in node.attrib.items():
            assert re.fullmatch(r"[\w#:;,.%()' =/+-]*", value), (name, value)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(html, scheme):
    root = elements(html)
    assert "color-scheme:light dark" in html
    dark = _dark_rules(next(root.iter("style")).text) if scheme == "dark" else {}
    for text, ink, paper in _texts(
        root.find("body"), {"color": "#000", "background": "#fff"}, dark
    ):
        assert _contrast(ink, paper) >= READABLE, (text, ink, paper)


def _texts(node, around, dark):
    told = dict(around)
    for name, value in re.findall(r"([\w-]+):([^;]+)", node.attrib.get("style", "")):
        if name in told:
            told[name] = value
    classes = set(node.attrib.get("class", "").split())
    for needed, rule in dark.items():
        if set(needed) <= classes:
            told |= rule
    for text in (node.text, *(child.tail for child in node)):
        if text and text.strip():
            yield text.strip(), told["color"], told["background"]
    for child in node:
        yield from _texts(child, told, dark)


def _dark_rules(style):
    block = style.split("prefers-color-scheme:dark")[1]
    return {
        tuple(selector.strip(".").split(".")): dict(
            re.findall(r"(?<![-\w])(color|background):(#\w+)!important", rule)
        )
        for selector, rule in re.findall(r"(\.[\w.]+)\{([^}]*)\}", block)
    }


def _contrast(one, other):
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color):
    digits = color.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    bounds = list(pairwise(range(0, 8, 2)))
    parts = [int(digits[begin:end], 16) / 255 for begin, end in bounds]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
