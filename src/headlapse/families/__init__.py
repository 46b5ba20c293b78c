"""Families: models, tasks and training recipes, declared in family.json."""

from headlapse.families.base import Family

__all__ = ["Family"]
