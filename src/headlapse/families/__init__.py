"""Families: what is trained, declared in family.json."""

from headlapse.families.base import Family

__all__ = ["Family"]
