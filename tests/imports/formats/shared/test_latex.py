"""Tests of LaTeX in BibTeX values."""

import pytest

from peerreview.imports.formats.shared.latex import plain


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"G{\"u}nter", "Günter"),
        (r"G{\"{u}}nter", "Günter"),
        (r"Durb{\'a}n", "Durbán"),
        (r"Ji{\v{r}}{\'{\i}}", "Jiří"),
        (r"{\O}stergaard, Stra{\ss}e", "Østergaard, Straße"),
        (r"\c{c}a va", "ça va"),
        (r"\c ca", "ça"),
        (r"\o stre", "østre"),
        (r"A \& B, 5\% of \$3", "A & B, 5% of $3"),
        (r"$\alpha$-synuclein, CO$_2$, 10$^{6}$", "α-synuclein, CO2, 106"),
        (r"\emph{E. coli} and \textbf{more}", "E. coli and more"),
        ("``quoted'' -- dash", "“quoted” – dash"),
        (r"\unknowncommand{kept}", r"\unknowncommand{kept}"),
        (r"\unknowncommand[a]{of {B} cells}{\'e}", r"\unknowncommand[a]{of B cells}{é}"),
        (r"$\frac{1}{2}$ and $\frac{\alpha+1}{\sqrt{n}}$", "1/2 and (α+1)/(√n)"),
        (r"$\sqrt{n}$, $\sqrt{n+1}$, $\sqrt[3]{n}$", r"√n, √(n+1), \sqrt[3]{n}"),
        (r"set \{a, b\}", "set {a, b}"),
        ("plain text", "plain text"),
        ("a~b", "a b"),
    ],
)
def test_latex_becomes_what_it_prints(latex: str, text: str) -> None:
    assert text == plain(latex)
