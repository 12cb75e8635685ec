"""Consent 授权: for which purpose, to whom, by which words; and what has to stand before it is asked."""
