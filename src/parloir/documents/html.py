"""One self-contained HTML page: no network, no foreign script, any string shown as text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from parloir.documents.text import visible


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page's templates lie.

    Attributes:
        package: the Python package that owns them, in its folder `templates`.
        template: the page.
        style: its style sheet, which follows that of the house (`house.css`): every page looks alike.
        script: its script, empty for a page without one.
    """

    package: str
    template: str
    style: str
    script: str = ""


def render_html(page: Page, values: Mapping[str, Any]) -> str:
    """The page with its style and script inside, and a policy that forbids everything else.

    Every value is escaped, every unseen character written out. The content security policy names the two
    inline blocks by their SHA-256, so text in evidence could not run even if it were not escaped.

    Source: W3C Content Security Policy Level 3, clause 2.3.1 (hash sources).
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(page.package), PackageLoader("parloir.documents")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    style = _source(environment, "house.css") + _source(environment, page.style)
    script = _source(environment, page.script)
    template = environment.get_template(page.template)
    return template.render(values, style=style, script=script, policy=_policy(style, script))


def _shown(value: object) -> object:
    return visible(value) if type(value) is str else value


def _source(environment: Environment, name: str) -> Markup:
    if not name or environment.loader is None:
        return Markup("")
    return Markup(environment.loader.get_source(environment, name)[0])  # noqa: S704  the package's own file


def _policy(style: str, script: str) -> str:
    scripts = _hash(script) if script else "'none'"
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {scripts}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(block: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()}'"
