"""The answer to an unknown address: a list of the pages."""

from __future__ import annotations

from html import escape

from flask import Flask, Response, request

from headlapse.dashboard import texts
from headlapse.dashboard.pages.shell import PAGES
from headlapse.dashboard.prefix import folder

ANY = "/<path:path>"  # of Dash, which shows its page at every address
NOT_FOUND = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · headlapse</title>
<style>
  body {{ margin: 12vh auto; max-width: 34rem; padding: 0 1rem; font: 16px/1.5 sans-serif; color-scheme: light dark }}
  a {{ margin-right: 1rem }}
</style>
<h1>{no_page}</h1>
<p>{these_pages}</p>
<p>{links}</p>
</html>
"""


def refuse_unknown(server: Flask) -> None:
    """Answer 404 if there is neither a page nor a file."""
    server.before_request(_refuse)


def _refuse() -> Response | None:
    rule = request.url_rule
    if rule is None or rule.rule != ANY or request.path in {path for path, _, _ in PAGES.values()}:
        return None
    links = "".join(f'<a href="{escape(folder() + path[1:])}">{title}</a>' for path, title, _ in PAGES.values())
    page = NOT_FOUND.format(
        title=texts.NO_PAGE_TITLE,
        no_page=texts.NO_PAGE.format(path=escape(request.path)),
        these_pages=texts.THESE_PAGES,
        links=links,
    )
    return Response(page, status=404, mimetype="text/html")
