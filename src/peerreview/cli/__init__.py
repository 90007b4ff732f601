"""The command line: one file per command; arguments in, one stage, files out."""

import errno
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from peerreview import __version__
from peerreview.cli.agreement import agreement
from peerreview.cli.appraise import appraise
from peerreview.cli.audit import audit
from peerreview.cli.config import config
from peerreview.cli.console import mend_streams, tell
from peerreview.cli.decisions import decisions
from peerreview.cli.dedupe import dedupe
from peerreview.cli.export import export
from peerreview.cli.form import form
from peerreview.cli.import_ import import_
from peerreview.cli.init import init
from peerreview.cli.merge_votes import merge_votes
from peerreview.cli.package import package
from peerreview.cli.prisma import prisma
from peerreview.cli.report import report
from peerreview.cli.retractions import retractions
from peerreview.cli.screen import screen
from peerreview.cli.search import search
from peerreview.cli.status import status
from peerreview.cli.themes import themes
from peerreview.cli.trace import trace
from peerreview.cli.unpack import unpack
from peerreview.cli.verify import verify
from peerreview.cli.why_not import why_not
from peerreview.errors import InputError, PeerreviewError, UsageError


def _one_each(
    parse_args: Callable[[Any, list[str]], list[str]], singles: Mapping[str, str]
) -> Callable[[Any, list[str]], list[str]]:
    """
    Return a command's parser that refuses the second of an option with one value: else the last wins.

    Parameters
    ----------
    singles : each spelling of such an option → the one to call it by.
    """

    def parse(ctx: Any, args: list[str]) -> list[str]:
        options = args[: args.index("--")] if "--" in args else args
        named = [singles[name] for part in options if (name := part.partition("=")[0]) in singles]
        if (again := next((name for name in named if named.count(name) > 1), None)) is not None:
            cure = "this command writes one output a run" if again == "-o" else "it takes one value"
            raise UsageError(f"{again} is given more than once; {cure}")
        return parse_args(ctx, args)

    return parse


class _Commands(TyperGroup):
    """Commands in the order of a review; errors in one line each, never a traceback."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  the signature is typer's
        # An old typer lists what is hidden, too.
        return [name for name, command in self.commands.items() if not command.hidden]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        command: Any = super().get_command(ctx, cmd_name)
        for param in command.params if command else ():
            # A file that may not be read is told as any other fault of a file, not as wrong usage.
            if hasattr(param.type, "readable"):
                param.type.readable = False
        singles = {
            spelled: "-o" if param.name == "output" else max(param.opts, key=len)
            for param in (command.params if command else ())
            if hasattr(param, "is_flag") and not (param.multiple or param.is_flag or param.count)
            for spelled in param.opts
        }
        if singles:
            command.parse_args = _one_each(partial(type(command).parse_args, command), singles)
        return command

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except PeerreviewError as error:
            tell(str(error))
            raise typer.Exit(error.exit_status) from None
        except OSError as error:
            # A folder that may not be entered, a name that is too long; a closed pipe is typer's to end.
            if isinstance(error, BrokenPipeError) or error.filename is None:
                raise
            tell(f"{os.fsdecode(error.filename)}: {error.strerror}")
            raise typer.Exit(InputError.exit_status) from None
        except RuntimeError as error:
            # Python 3.11 and 3.12 say so of links that lead to each other.
            _, is_loop, path = str(error).partition("Symlink loop from ")
            if not is_loop:
                raise
            tell(f"{os.path.relpath(path.strip(chr(39)))}: {os.strerror(errno.ELOOP)}")
            raise typer.Exit(InputError.exit_status) from None


class _Tables(_Commands):
    """The tables of the paper: a dozen commands with their options, made once one of them is asked for."""

    @property
    def commands(self) -> dict[str, Any]:
        from peerreview.cli.table import commands

        return commands()

    @commands.setter
    def commands(self, none_yet: object) -> None:
        """Take what typer knows of them before they are made: nothing."""

    def list_commands(self, ctx: Any) -> list[str]:
        from peerreview.cli.table import others

        return [*super().list_commands(ctx), *others()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        from peerreview.cli.table import others

        known = super().get_command(ctx, cmd_name)
        return known or others().get(cmd_name)


app = typer.Typer(
    name="peerreview",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"peerreview {__version__}")
        raise typer.Exit


@app.callback()
def _peerreview(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", help="Print the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Systematic reviews from export to PRISMA 2020: files in, files out."""


app.command()(init)
app.command(name="import")(import_)
app.command()(search)
app.command()(dedupe)
app.command()(decisions)
app.command()(screen)
app.command()(form)
app.command()(agreement)
app.command()(themes)
app.command()(appraise)
app.command()(prisma)
app.add_typer(
    typer.Typer(
        name="table", help="Lay out a table for the paper.", no_args_is_help=True, rich_markup_mode=None
    ),
    cls=_Tables,
)
app.command()(export)
app.command()(status)
app.command()(trace)
app.command()(why_not)
# What trace was called when it knew the export alone.
app.command(name="show", hidden=True)(trace)
app.command()(retractions)
app.command()(report)
app.command()(verify)
app.command()(package)
app.command()(unpack)
app.command()(audit)
app.command()(merge_votes)
app.command()(config)


def main() -> None:
    """Run the command line."""
    mend_streams()
    try:
        app()
    except OSError as error:
        # A disk that is full, a device that is gone: what writes to a file says which itself.
        tell(f"{os.fsdecode(error.filename) if error.filename else 'standard output'}: {error.strerror}")
        sys.exit(InputError.exit_status)
