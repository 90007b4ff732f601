"""The commands with their options, from the command line itself."""

from typer import Context
from typer.core import TyperGroup
from typer.main import get_command

from peerreview.cli import app


def commands() -> str:
    """Return the reference as Markdown: a heading, a sentence and the options of each command."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    context = Context(group, info_name="peerreview")
    return "\n\n".join(_described(group, context, "peerreview")) + "\n"


def options() -> dict[str, set[str]]:
    """Return the options that each command knows, by its name as in ``table themes``."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    return dict(_options(group, ""))


def _options(group: TyperGroup, above: str) -> list[tuple[str, set[str]]]:
    found = []
    for name, command in group.commands.items():
        called = f"{above} {name}".strip()
        if isinstance(command, TyperGroup):
            found += [(called, {"--help", "-h"}), *_options(command, called)]
            continue
        known = {word for param in command.params for word in (*param.opts, *param.secondary_opts)}
        found.append((called, {word for word in known if word.startswith("-")} | {"--help", "-h"}))
    return found


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
        lines = [f"## `{usage}`", "", (command.help or "").strip().splitlines()[0], ""]
        rows = [(param.make_metavar(context), param) for param in arguments]
        rows += [(", ".join([*param.opts, *param.secondary_opts]), param) for param in options]
        for shown, param in rows:
            text = " ".join((getattr(param, "help", "") or "").split())
            lines.append(f"- `{shown}`: {text}{_default(param)}")
        parts.append("\n".join(lines))
    return parts


def _default(param: object) -> str:
    default = getattr(param, "default", None)
    usual = getattr(param, "show_default", None)
    if default is None and isinstance(usual, str):
        return f" Default: `{usual}`."
    if default in (None, False, "", ()) or callable(default) or getattr(param, "required", False):
        return ""
    shown = " ".join(map(str, default)) if isinstance(default, list | tuple) else str(default)
    return f" Default: `{shown}`." if shown else ""
