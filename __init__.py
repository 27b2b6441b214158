"""ficdex: catalogue fan fiction with its titles, author's notes, betas and characters."""

__version__ = "0.1.0"
