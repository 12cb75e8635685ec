"""Balances, lots of points, the issuing side of every posting, and the log of pieces."""
