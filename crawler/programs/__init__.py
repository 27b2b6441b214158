"""Programs of their own that open what libraries must not open in this process; crawler/confined.py runs them."""
