"""Components: what each question of extraction needs and gives, and the order that follows.

A component is a module of this package with a `COMPONENT`; dropping a file in adds it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter

from .draft import Draft


@dataclass(frozen=True, slots=True)
class Component:
    """One question: `run` reads what it `needs` from the Draft and adds what it `gives`.

    Names are those of the work record's fields, or of an attribute of the Draft ("segments", "header").
    """

    name: str
    needs: tuple[str, ...]
    gives: tuple[str, ...]
    run: Callable[[Draft], None]


@cache
def components() -> tuple[Component, ...]:
    """Every component, each behind those that give what it needs; ties in order of name.

    Raises:
        ValueError: if a need is given by nobody, or needs go round in a circle.
    """
    package = importlib.import_module(__package__)
    modules = (importlib.import_module(f"{__package__}.{m.name}") for m in pkgutil.iter_modules(package.__path__))
    found = {m.COMPONENT.name: m.COMPONENT for m in modules if hasattr(m, "COMPONENT")}
    givers: dict[str, set[str]] = {}
    for component in found.values():
        for given in component.gives:
            givers.setdefault(given, set()).add(component.name)
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for component in sorted(found.values(), key=lambda c: c.name):
        for need in component.needs:
            if need not in givers:
                raise ValueError(f"{component.name} needs {need!r}, which no component gives")
        before = {g for need in component.needs for g in givers[need]} - {component.name}
        sorter.add(component.name, *sorted(before))
    try:
        return tuple(found[name] for name in sorter.static_order())
    except CycleError as circle:
        raise ValueError(f"components need one another in a circle: {' -> '.join(circle.args[1])}") from circle
