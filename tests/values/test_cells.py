"""Tests of the plain text of a cell."""

from peerreview.values import cells


def test_text_keeps_what_only_looks_like_markup() -> None:
    assert cells.text("p &lt; 0.05 in <i>E. coli</i><sup>2</sup>") == "p < 0.05 in E. coli2"
    assert cells.text("x<y and y>z") == "x<y and y>z"
    assert cells.text("NYHA class <I and >II patients") == "NYHA class <I and >II patients"
    assert cells.text("alleles A<B and C>D matter") == "alleles A<B and C>D matter"
    assert cells.text("AT&T R&D") == "AT&T R&D"


def test_tags_are_stripped_with_their_attributes() -> None:
    assert cells.text("<span class=\"a b\" id='c'>one</span> <FONT size=2>two</FONT >") == "one two"
    assert cells.text('one<br />two<a href="https://example.org/?a=1">three</a>') == "one twothree"
    assert cells.text("<a href=https://example.org/?a=1>link</a><br clear=all/>") == "link"


def test_what_is_escaped_again_and_again_costs_no_time() -> None:
    assert cells.text("R&amp;amp;amp;D") == "R&D"
    assert cells.text(f"&{'amp;' * 100_000}").startswith("&amp;amp;")


def test_the_semicolon_of_an_entity_parts_no_names() -> None:
    assert cells.without_entities("Ren&eacute; Kay; L&#252;h, P & Co") == "René Kay; Lüh, P & Co"


def test_a_file_on_a_disk_is_no_link() -> None:
    assert cells.link("internal-pdf://1486777422/Example-2011-Peer work.pdf") == ""
    assert cells.link("https://example.org/internal-pdf:1") == "https://example.org/internal-pdf:1"
