"""The README's references, written from the commands and the formats themselves."""

from typer import Context
from typer.core import TyperGroup
from typer.main import get_command

from peerreview.cli import app
from peerreview.imports.formats import registry
from peerreview.values.cleanings import CLEANINGS


def commands() -> str:
    """Return the reference as Markdown: a heading, a sentence and the options of each command."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    context = Context(group, info_name="peerreview")
    return "\n\n".join(_described(group, context, "peerreview")) + "\n"


def _described(group: TyperGroup, context: Context, above: str) -> list[str]:
    parts = []
    for name, command in group.commands.items():
        if command.hidden:
            continue
        if isinstance(command, TyperGroup):
            parts += _described(command, context, f"{above} {name}")
            continue
        arguments = [param for param in command.params if param.param_type_name == "argument"]
        options = [param for param in command.params if param.param_type_name == "option"]
        usage = " ".join([above, name, *(param.make_metavar(context) for param in arguments)])
        lines = [f"### `{usage}`", "", (command.help or "").strip().splitlines()[0], ""]
        rows = [(param.make_metavar(context), param) for param in arguments]
        rows += [(", ".join([*param.opts, *param.secondary_opts]), param) for param in options]
        for shown, param in rows:
            text = " ".join((getattr(param, "help", "") or "").split())
            lines.append(f"- `{shown}`: {text}{_default(param)}")
        parts.append("\n".join(lines))
    return parts


def cleanings() -> str:
    """Return what reading changes in values, an item each, as Markdown."""
    lines = []
    for each in CLEANINGS:
        columns = ", ".join(f"`{column}`" for column in each.columns)
        lines.append(f"- {columns}: {each.what} ({each.source}).")
    return "\n".join(lines) + "\n"


def exports() -> str:
    """Return the formats of exports as Markdown, a line each: what it is, if unverified, if written too."""
    lines = []
    for module in registry.known():
        what, *more = [" ".join(each.split()) for each in str(module.__doc__).split("\n\n")]
        told = [what, *(each[each.index("Unverified") :] for each in more if "Unverified" in each)]
        if module.NAME in registry.WRITTEN and module.NAME != "spreadsheet":
            told.append("Written, too.")
        lines.append(f"- `{module.NAME}`: {' '.join(told)}")
    return "\n".join(lines) + "\n"


def _default(param: object) -> str:
    default = getattr(param, "default", None)
    usual = getattr(param, "show_default", None)
    if default is None and isinstance(usual, str):
        return f" Default: `{usual}`."
    if default in (None, False, "", ()) or callable(default) or getattr(param, "required", False):
        return ""
    shown = " ".join(map(str, default)) if isinstance(default, list | tuple) else str(default)
    return f" Default: `{shown}`." if shown else ""
