"""`python -m ficdex`."""

from ficdex.cli import main

if __name__ == "__main__":
    main()
