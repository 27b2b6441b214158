"""SOURCE -> DOCUMENT: files, pages and containers become Documents."""
