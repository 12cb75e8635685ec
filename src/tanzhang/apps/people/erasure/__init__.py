"""Erasing a person: the states of accounts, the journal of erasures, and the act itself."""
