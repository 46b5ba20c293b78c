"""Families: what is trained, declared in family.json, and the registry that finds the declarations."""

from headlapse.families.base import ModelFamily
from headlapse.families.catalogue import BrokenFamily, FamilyRegistry

__all__ = ["BrokenFamily", "FamilyRegistry", "ModelFamily"]
