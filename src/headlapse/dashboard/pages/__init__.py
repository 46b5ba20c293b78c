"""Layouts of pages; their behaviour is in callbacks and in `web/dashboard`."""
