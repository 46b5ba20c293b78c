"""The dashboard as a folder of files that any static host serves: Runs, Compare and Explore without a server.

The page is the dashboard's own, its layout written out as HTML; `web/site` answers its questions from files under `data/`.
"""

from headlapse.dashboard.site.writing import export_site as export_site

__all__ = ["export_site"]
