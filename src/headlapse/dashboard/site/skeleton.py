"""The page of a site: without jobs, which need a server."""

from __future__ import annotations

import re

from headlapse.dashboard.context import DashboardContext
from headlapse.dashboard.pages.markup import Markup
from headlapse.dashboard.pages.shell import PAGES, document


def skeleton(context: DashboardContext) -> str:
    """The body of the document."""
    shown = {name: page for name, page in PAGES.items() if name != "jobs"}
    return Markup(frozenset({"link-jobs", "compare-export"}), frozenset({"export"}), _in_one_page).html(
        document(context, shown)
    )


def _in_one_page(address: str) -> str:
    """A site has one page under one address."""
    return f"./?page={address[2:]}" if re.fullmatch(r"\./[a-z]+", address) else address
