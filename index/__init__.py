"""WORK -> CATALOG -> ANSWERS: what is known, kept and found."""
