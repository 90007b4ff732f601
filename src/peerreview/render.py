"""The only door to Jinja, Graphviz and the picture libraries."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from peerreview.errors import InputError

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
    '"': r"\textquotedbl{}",
}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~$&])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def escape_tex(text: str) -> str:
    r"""
    Return text that LaTeX prints as it is.

    >>> escape_tex("50% & more_")
    '50\\% \\& more\\_'
    """
    return " ".join("".join(_TEX.get(character, character) for character in text).split())


def escape_markdown(text: str) -> str:
    r"""
    Return text that Markdown prints as it is, on one line.

    >>> escape_markdown("a | <b>")
    'a \\| \\<b\\>'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def escape_cell(text: str) -> str:
    """
    Return a cell that a spreadsheet shows as text and never runs as a formula.

    >>> escape_cell("=cmd()")
    "'=cmd()"
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


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


@cache
def _environment(suffix: str) -> jinja2.Environment:
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
    environment = jinja2.Environment(  # noqa: S701  what autoescape leaves, finalize escapes
        loader=jinja2.PackageLoader("peerreview"),
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
    return environment


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
    environment = _environment(name.rpartition(".")[2])
    try:
        if template is None:
            chosen = environment.get_template(f"{name}.j2")
        else:
            chosen = environment.from_string(template.read_text(encoding="utf-8"))
        return chosen.render(rows)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=template or name) from error
    except jinja2.TemplateSyntaxError as error:
        raise InputError(f"{error.message}", path=template or name, line=error.lineno) from error
    except jinja2.UndefinedError as error:
        raise InputError(f"{error.message}", path=template or name) from error
