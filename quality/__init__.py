"""How well ficdex extracts: labelled works and phrasings, scored, with floors that may not be undercut."""
