"""Layouts: what stands where. What it does is in callbacks and in `web/dashboard`."""
