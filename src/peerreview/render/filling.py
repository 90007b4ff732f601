"""What templates lay out: the only door to Jinja."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import jinja2.utils
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from peerreview.errors import InputError
from peerreview.tables.writing import escape_cell

_MATHEMATICAL = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi
omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega leq geq neq approx infty rightarrow leftarrow uparrow
downarrow leftrightarrow Rightarrow sim in sum surd partial bullet circ
"""
_TEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r'\string"',
    "`": r"\textasciigrave{}",
    # pdfLaTeX has no letter for these; XeLaTeX and LuaLaTeX take them this way, too.
    **{
        character: rf"\ensuremath{{\{name}}}"
        for character, name in zip(
            "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ≤≥≠≈∞→←↑↓↔⇒∼∈∑√∂•◦",
            _MATHEMATICAL.split(),
            strict=True,
        )
    },
    "−": r"\ensuremath{-}",
    "′": r"\ensuremath{'}",
    "\u2009": r"\,",
    "\u202f": r"\,",
    "\u00a0": "~",
    "\u00ad": r"\-",
    "\u200b": "",
    "\ufeff": "",
    "‐": "-",
    "‑": "-",
}
_MOST_TIMES = 100_000
"""How long a text may be that a template repeats, as far as Jinja's sandbox lets it count."""
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~$]|&(?=#?\w+;))")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[^0-9]{0,2}$")
"""A day, and its mark: it is not broken at a hyphen."""
"""What Markdown would take for its own; an ampersand, only where it opens an entity."""


def escape_tex(text: str) -> str:
    r"""
    Return text that LaTeX prints as it is.

    >>> escape_tex("50% & more_")
    '50\\% \\& more\\_'
    """
    words = re.sub(r"[ \t\n\r\f\v]+", " ", unicodedata.normalize("NFC", text)).strip(" ")
    # Two hyphens would be set as a dash.
    return re.sub("-(?=-)", "-{}", "".join(_TEX.get(character, character) for character in words))


def escape_markdown(text: str) -> str:
    r"""
    Return text that Markdown prints as it is, on one line.

    >>> escape_markdown("a | <b> & c &amp;")
    'a \\| \\<b\\> & c \\&amp;'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def _csv_cell(text: str) -> str:
    guarded = escape_cell(text)
    quoted = guarded.replace('"', '""')
    return f'"{quoted}"' if any(mark in guarded for mark in ',"\r\n') else guarded


_ESCAPES: Mapping[str, Callable[[str], str]] = {
    "tex": escape_tex,
    "md": escape_markdown,
    "csv": _csv_cell,
    "txt": str,
}


class _Sandbox(SandboxedEnvironment):
    """A team's template reads its rows and nothing else: no Python behind them, and no text without end."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return a product or a power, where it is of a size that somebody would print."""
        if operator == "**":
            size = abs(right) if isinstance(right, int) else 0
        else:
            sides = [each if isinstance(each, int) else len(each) for each in (left, right) if _counts(each)]
            size = sides[0] * sides[1] if len(sides) == 2 and not isinstance(left, type(right)) else 0
        if size > _MOST_TIMES:
            raise SecurityError(f"a text, list or number of {size:,} parts")
        return super().call_binop(context, operator, left, right)


def _counts(value: Any) -> bool:
    return isinstance(value, (int, str, list, tuple))


@cache
def _environment(suffix: str, *, is_ours: bool) -> jinja2.Environment:
    escape = _ESCAPES.get(suffix)
    options: dict[str, Any] = {}
    if suffix == "tex":
        # LaTeX is full of braces.
        options = {
            "variable_start_string": "<<",
            "variable_end_string": ">>",
            "block_start_string": "<%",
            "block_end_string": "%>",
            "comment_start_string": "<#",
            "comment_end_string": "#>",
        }
    environment = (jinja2.Environment if is_ours else _Sandbox)(
        loader=jinja2.PackageLoader("peerreview.render"),
        autoescape=escape is None,
        finalize=None
        if escape is None
        else lambda value: value if isinstance(value, Markup) else escape(str(value)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )
    environment.filters["n"] = lambda number: f"{number:,}"
    environment.filters["is_day"] = lambda cell: bool(_DAY.match(str(cell)))
    environment.filters["xy"] = lambda length: f"{length:.1f}".removesuffix(".0")
    return environment


def htmlsafe(content: object) -> Markup:
    r"""
    Return content as JSON on one line that stands within a script of a page: no mark in it ends that.

    >>> print(htmlsafe(["</script>"]))
    ["\u003c/script\u003e"]
    """
    return jinja2.utils.htmlsafe_json_dumps(content, dumps=_dumps)


def _dumps(content: object, **_: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def render(name: str, rows: Mapping[str, Any], *, template: Path | None = None) -> str:
    """
    Return a template filled in; every value is escaped for the format its name ends in.

    Parameters
    ----------
    name : of a shipped template without ``.j2``, as in ``tables/themes.md``.
    rows : what the template lays out.
    template : a user's own, in place of the shipped one; the format is still that of ``name``.

    Raises
    ------
    InputError
        With the line of a template that does not work.
    """
    environment = _environment(name.rpartition(".")[2], is_ours=template is None)
    try:
        if template is None:
            chosen = environment.get_template(f"{name}.j2")
        else:
            chosen = environment.from_string(template.read_text(encoding="utf-8-sig"))
        return chosen.render(rows)
    except jinja2.TemplateNotFound as error:
        raise InputError(f"includes {error.name!r}, which is not there", path=template or name) from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=template or name) from error
    except jinja2.TemplateSyntaxError as error:
        raise InputError(f"{error.message}", path=template or name, line=error.lineno) from error
    except SecurityError as error:
        raise InputError(f"asks for what no template may: {error}", path=template or name) from error
    except jinja2.TemplateError as error:
        # What is not defined, or a filter in a branch that there is none of.
        raise InputError(f"{error.message}", path=template or name) from error
    except RecursionError as error:
        if template is None:
            raise
        raise InputError("does not work: it calls itself without end", path=template) from error
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, MemoryError) as error:
        # A team's own template may do anything with its rows.
        if template is None:
            raise
        raise InputError(f"does not work: {str(error) or type(error).__name__}", path=template) from error
