"""Consent 授权: for which purpose, to whom, by which words; and what must stand before it."""
