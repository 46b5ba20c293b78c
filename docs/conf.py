"""The documentation site: `make docs` builds it from the Markdown of the repository, without network."""

from __future__ import annotations

import sys
from pathlib import Path

import headlapse

sys.path.insert(0, str(Path(__file__).parent))
from command_reference import commands_as_markdown

project = "headlapse"
author = "the headlapse authors"
version = release = headlapse.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "docs/index"
include_patterns = ["docs/**", "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md"]
myst_heading_anchors = 4
highlight_language = "none"  # indented blocks are commands
default_role = "code"  # docstrings write `names` as Markdown does
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # they are in the signature
smartquotes = False  # two hyphens begin an option

html_theme = "furo"
html_title = f"headlapse {release}"
html_copy_source = False
html_show_sphinx = False


def _insert_commands(_app: object, page: str, source: list[str]) -> None:
    if page == "docs/reference/cli":
        source[0] += commands_as_markdown()


def setup(app: object) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _insert_commands)  # type: ignore[attr-defined]
