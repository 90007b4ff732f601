"""
LaTeX in BibTeX values → plain text.

It replaces bibtexparser's decoding by pylatexenc, which manages about 60
records a second: accents, symbols and mathematics are few and regular,
so that one pass of patterns, only where a backslash, a brace, a dollar
or a tilde stands, reads them some hundred times faster.
"""

import re
import unicodedata
from types import MappingProxyType

_MARKS = MappingProxyType(
    {
        "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
        ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
        "c": "\u0327", "k": "\u0328", "b": "\u0331",
    }
)  # fmt: skip
"""Accent commands and the combining characters that they put on a letter."""

_SYMBOLS = MappingProxyType(
    {
        "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
        "aa": "å", "AA": "Å", "i": "i", "j": "j", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ",
        "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
        "S": "§", "P": "¶", "pounds": "£", "euro": "€", "texteuro": "€", "copyright": "©",
        "textcopyright": "©", "textregistered": "®", "texttrademark": "™", "textdegree": "°", "degree": "°",
        "textemdash": "—", "textendash": "–", "ldots": "…", "dots": "…", "textellipsis": "…",
        "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”",
        "textquotesingle": "'", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^",
        "textunderscore": "_", "textbraceleft": "{", "textbraceright": "}", "textless": "<",
        "textgreater": ">", "textbar": "|", "slash": "/", "textonehalf": "½", "textmu": "µ",
        "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
        "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ",
        "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ",
        "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
        "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
        "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
        "times": "×", "cdot": "·", "pm": "±", "mp": "∓", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥",
        "neq": "≠", "ne": "≠", "approx": "≈", "sim": "∼", "simeq": "≃", "equiv": "≡", "infty": "∞",
        "rightarrow": "→", "to": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒",
        "uparrow": "↑", "downarrow": "↓", "partial": "∂", "prime": "′", "circ": "°", "bullet": "•",
        "sum": "∑", "prod": "∏", "int": "∫", "in": "∈", "ell": "ℓ", "cup": "∪", "cap": "∩", "ll": "≪",
        "gg": "≫", "propto": "∝", "lt": "<", "gt": ">",
        "quad": " ", "qquad": " ", "newline": " ", "par": " ", "TeX": "TeX", "LaTeX": "LaTeX", "and": "and",
        "percent": "%",
    }
)  # fmt: skip

_ACCENT = re.compile(
    r"\\(?:([`'^~=.\"])[ ]*|([uvHcdbkr])(?=[\s{\\])[ ]*)"
    r"(?:\{[ ]*\\?([^\W\d_])[ ]*\}|\\([ij])(?![A-Za-z])[ ]?|([^\W\d_]))"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)(?:\{\}|[ \t]+(?=[^\s])|(?![A-Za-z]))")
_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_ARGUED = re.compile(rf"\\([A-Za-z]+)((?:\[[^\[\]{{}}]*\])?(?:{_GROUP})+)")
_ARGUMENT = re.compile(_GROUP)
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "nicefrac", "sfrac"})
_ESCAPED = re.compile(r"\\([&%$#_{} ,;:!/@\-])")
_KEPT = MappingProxyType(
    {"&": "&", "%": "%", "$": "\ue000", "#": "#", "_": "_", "{": "\ue001", "}": "\ue002"}
)
_BACK = MappingProxyType(
    {"\ue000": "$", "\ue001": "{", "\ue002": "}", "\ue003": "\\", "\ue004": "~", "\ue005": "^"}
)
_LITERAL = MappingProxyType(
    {"{": "\ue001", "}": "\ue002", "\\": "\ue003", "~": "\ue004", "^": "\ue005", "|": "|", "<": "<", ">": ">"}
)
_FORMATTING = frozenset(
    {
        "emph", "textit", "textbf", "textsc", "textrm", "texttt", "textsf", "textsl", "textup",
        "textnormal", "text", "mathrm", "mathit", "mathbf", "mathsf", "mathcal", "mathbb", "ensuremath",
        "mbox", "hbox", "underline", "textsuperscript", "textsubscript", "uppercase", "lowercase", "it",
        "bf", "em", "rm", "sc", "tt", "sl", "sf", "itshape", "bfseries", "scshape", "small", "large", "url",
        "href", "enquote", "mkbibquote", "mkbibemph", "noopsort", "relax", "protect", "left", "right",
        "displaystyle", "scriptstyle", "rmfamily", "upshape",
    }
)  # fmt: skip


def plain(value: str) -> str:
    r"""
    Return a BibTeX value as plain text; what is not understood stays as it is.

    >>> plain(r"{\"U}ber {S}{\o}ren's $\beta$-cells --- 5\% {\v{s}}u{\'{\i}}")
    "Über Søren's β-cells — 5% šuí"
    """
    # Letters are found many times faster than one pattern for all of them.
    is_marked = "\\" in value or "{" in value or "}" in value or "$" in value or "~" in value
    if not is_marked and "-" not in value and "`" not in value and "'" not in value:
        return value
    if "\\" in value:
        value = _ESCAPED.sub(_escaped, value)
        # Twice: "\'{\i}" has its accent around a symbol.
        value = _ACCENT.sub(_accented, value)
        value = _COMMAND.sub(_symbol, value)
        if "\\" in value:
            value = _ACCENT.sub(_accented, value)
            value = _ARGUED.sub(_argued, value)
        value = value.replace("\\\\", " ")
    if "$" in value:
        value = _MATHS.sub(_maths, value)
    if "-" in value:
        value = value.replace("---", "—").replace("--", "–")
    if "`" in value or "'" in value:
        value = value.replace("``", "“").replace("''", "”")
    if not is_marked:
        return value
    value = value.replace("~", "\u00a0").replace("{", "").replace("}", "")
    for mark, character in _BACK.items():
        if mark in value:
            value = value.replace(mark, character)
    return value.replace("\u00a0", " ")


_MATHS = re.compile(r"\$\$?([^$]*)\$\$?")


def _maths(match: re.Match[str]) -> str:
    return re.sub(r"[_^](?=\{|\w|[+\-*])", "", match[1])


def _escaped(match: re.Match[str]) -> str:
    return _KEPT.get(match[1], " " if match[1] in " ,;:" else "" if match[1] in "!/-" else match[1])


def _accented(match: re.Match[str]) -> str:
    mark = _MARKS[match[1] or match[2]]
    letter = match[3] or match[4] or match[5]
    return unicodedata.normalize("NFC", letter + mark)


def _symbol(match: re.Match[str]) -> str:
    name = match[1]
    if name in _SYMBOLS:
        symbol = _SYMBOLS[name]
        return _LITERAL.get(symbol, symbol)
    return "" if name in _FORMATTING else match[0]


def _argued(match: re.Match[str]) -> str:
    """Return what a command makes of its arguments; one that is not known keeps their braces."""
    name, given = match[1], match[2]
    arguments = [_strip(_ARGUED.sub(_argued, each)) for each in _ARGUMENT.findall(given)]
    if name in _FRACTIONS and len(arguments) == 2:
        return "/".join(each if each.isalnum() else f"({each})" for each in arguments)
    if name == "sqrt" and len(arguments) == 1 and given.startswith("{"):
        return f"√{arguments[0]}" if len(arguments[0]) == 1 else f"√({arguments[0]})"
    options = given[: given.index("{")]
    kept = "".join(f"\ue001{each}\ue002" for each in arguments)
    return f"\\{name}{options}{kept}"


def _strip(value: str) -> str:
    return value.replace("{", "").replace("}", "")


_TO_LATEX = MappingProxyType(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_SPECIAL_TEXT = re.compile(r"[\\{}$&%#_~^]")
_LIGATURE = re.compile(r"-(?=-)|`(?=`)|'(?=')")


def escape(value: str) -> str:
    r"""
    Return plain text as a BibTeX value that prints it; ``plain`` gives the text back.

    >>> escape("R&D at 5%"), plain(escape("a -- b {c"))
    ('R\\&D at 5\\%', 'a -- b {c')
    """
    return _LIGATURE.sub(r"\g<0>{}", _SPECIAL_TEXT.sub(lambda found: _TO_LATEX[found[0]], value))


_ESCAPED_IN_LINK = MappingProxyType({_TO_LATEX[sign]: sign for sign in "\\{}"})
_SPECIAL_LINK = re.compile("|".join(map(re.escape, _ESCAPED_IN_LINK)))


def escape_link(value: str) -> str:
    r"""
    Return a link, or a DOI, in which no brace ends the value; all else stays, for links are read as they are.

    >>> escape_link("https://example.org/a_b{c"), plain_link(escape_link("https://example.org/a_b{c"))
    ('https://example.org/a_b\\textbraceleft{}c', 'https://example.org/a_b{c')
    """
    return _LINK_SIGN.sub(lambda found: _TO_LATEX[found[0]], value)


_LINK_SIGN = re.compile(r"[\\{}]")


def plain_link(value: str) -> str:
    """Return a link as it was before ``escape_link``, if that had anything to escape, else blank."""
    if r"\textb" not in value:
        return ""
    return _SPECIAL_LINK.sub(lambda found: _ESCAPED_IN_LINK[found[0]], value)


_LINKED = re.compile(r"\\(?:url|path|nolinkurl|href)\s*\{([^{}]*)\}(?:\s*\{[^{}]*\})?")
_AROUND_SIGN = re.compile(r"\$\{?([^\w{}$]|_)\}?\$|\{([^\w{}$]|_|)\}")
"""A sign in braces, or in mathematics: DOIs with "<" are written so."""
_UNREAD = re.compile(r"\\[A-Za-z]")


def bare_link(value: str) -> str:
    r"""
    Return a link, or text around one, without LaTeX; blank where a command is not known.

    >>> bare_link(r"See \href{https://example.org/a\_b}{the site}"), bare_link(r"10.5555/a\textunderscore 5")
    ('See https://example.org/a_b', '10.5555/a_5')
    """
    if "\\" not in value:
        return _AROUND_SIGN.sub(r"\1\2", value) if "$" in value else value
    if _LINKED.search(value):
        value = " ".join(_LINKED.sub(r" \1 ", value).split())
    # A command takes the blanks behind it: "\textunderscore 5".
    value = _COMMAND.sub(_symbol, _ESCAPED.sub(r"\1", value))
    value = _AROUND_SIGN.sub(r"\1\2", value)
    for mark, character in _BACK.items():
        value = value.replace(mark, character)
    return "" if _UNREAD.search(value) else value.replace("\\", "")
