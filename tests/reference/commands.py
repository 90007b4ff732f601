"""The commands with their options, from the command line itself."""

from collections.abc import Iterator

from typer import Context
from typer.core import TyperGroup
from typer.main import get_command

from peerreview.cli import app


def commands() -> str:
    """Return the reference as Markdown: a heading, a sentence and the options of each command."""
    parts = []
    for usage, sentence, rows in described():
        lines = [f"## `{usage}`", "", sentence, "", *(f"- `{shown}`: {told}" for shown, told in rows)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


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


def described() -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield each command's usage, its sentence, and its arguments and options with what they are."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    yield from _described(group, Context(group, info_name="peerreview"), "peerreview")


def _described(
    group: TyperGroup, context: Context, above: str
) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    for name, command in group.commands.items():
        if command.hidden:
            continue
        if isinstance(command, TyperGroup):
            yield from _described(command, context, f"{above} {name}")
            continue
        arguments = [param for param in command.params if param.param_type_name == "argument"]
        options = [param for param in command.params if param.param_type_name == "option"]
        usage = " ".join([above, name, *(param.make_metavar(context) for param in arguments)])
        rows = [(param.make_metavar(context), param) for param in arguments]
        rows += [(", ".join([*param.opts, *param.secondary_opts]), param) for param in options]
        told = [
            (shown, " ".join((getattr(param, "help", "") or "").split()) + _default(param))
            for shown, param in rows
        ]
        yield usage, (command.help or "").strip().splitlines()[0], told


def _default(param: object) -> str:
    default = getattr(param, "default", None)
    usual = getattr(param, "show_default", None)
    if default is None and isinstance(usual, str):
        return f" Default: `{usual}`."
    if default in (None, False, "", ()) or callable(default) or getattr(param, "required", False):
        return ""
    shown = " ".join(map(str, default)) if isinstance(default, list | tuple) else str(default)
    return f" Default: `{shown}`." if shown else ""
