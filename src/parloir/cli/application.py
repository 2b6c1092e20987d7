"""The program `parloir`: its commands, its exit codes, and how errors are told.

Exit codes: 0 done · 1 it could not be done · 2 something typed cannot be used · 3 a file cannot be taken in
or written · 4 not lawful or not permitted · 5 the seal or the chain of custody does not hold · 130 stopped
by hand.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from parloir import __version__
from parloir.cli import (
    authorities,
    cases,
    custody,
    demo,
    evidence,
    inquiring,
    link,
    links,
    presence,
    searching,
    simulating,
    statements,
    tools,
    weighing,
)
from parloir.cli.output import tell_error
from parloir.errors import ParloirError

STOPPED = 130

app = typer.Typer(
    name="parloir",
    help="Weigh the evidence on contraband phones in prisons.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (cases, authorities, custody):
    app.add_typer(group.app)
for module in (demo, evidence, weighing, searching, inquiring, statements, link, links):
    module.register(app)
for module in (presence, tools, simulating):
    module.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"Parloir {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    home: Annotated[
        Path | None,
        typer.Option("--home", help="Folder of the workspace; else PARLOIR_HOME, else ./parloir-data."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Weigh the evidence on contraband phones in prisons."""
    del version
    if home is not None:
        os.environ["PARLOIR_HOME"] = str(home)


def run(arguments: list[str]) -> int:
    """Run one command line.

    Returns:
        the exit code.
    """
    try:
        code = app(arguments, prog_name="parloir", standalone_mode=False)
    except ParloirError as error:
        tell_error(str(error))
        return error.exit_code
    except typer.TyperException as error:
        tell_error(error.format_message() or str(error))
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        tell_error("Stopped by you; what was written down before stays, the rest is swept at the next start.")
        return STOPPED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code if isinstance(code, int) else 0
