"""A check-up of the catalogue: what is wrong with it, and mended on request. Works are never deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import FicdexError
from . import check_file, check_indexes, check_works
from .findings import RESTORE, Check, Finding, Patient

CHECKS: tuple[Check, ...] = (*check_file.CHECKS, *check_works.CHECKS, *check_indexes.CHECKS)
"""In their order: what stands on a sound file comes after the file, the indexes after what they index."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found, after mending if `done` says what was mended."""

    name: str
    finding: Finding
    done: str = ""


def examine(patient: Patient, checks: Iterable[Check] = CHECKS, *, fix: bool = False) -> Iterator[Result]:
    """The result of every check, one that fails included; `fix` mends what can be mended safely.

    Nothing more is mended once the file itself is found to be damaged: writing to it might make it worse.
    """
    sound = True
    for check in checks:
        finding, done = _examined(check, patient), ""
        if fix and sound and check.mend and finding.remedy:
            finding, done = _mended(check, patient, finding)
        sound = sound and not (check is check_file.INTEGRITY and finding.wrong)
        yield Result(check.name, finding, done)


def _examined(check: Check, patient: Patient) -> Finding:
    try:
        return check.examine(patient)
    except sqlite3.Error as problem:
        return Finding(f"cannot be examined ({problem})", RESTORE, wrong=True)
    except (FicdexError, OSError) as problem:  # these say themselves what to do
        return Finding(f"cannot be examined: {problem}", wrong=True)


def _mended(check: Check, patient: Patient, finding: Finding) -> tuple[Finding, str]:
    """How it is after mending, and what was done."""
    assert check.mend
    try:
        done = check.mend(patient)
    except (sqlite3.Error, FicdexError, OSError) as problem:
        return Finding(f"{finding.said}; could not be mended ({problem})", finding.remedy, True, finding.items), ""
    return _examined(check, patient), done
