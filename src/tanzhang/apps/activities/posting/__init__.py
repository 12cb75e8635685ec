"""Posting: accepted pieces become outcomes, balances and leaves, each piece in one transaction."""
