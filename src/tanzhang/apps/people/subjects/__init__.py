"""Kinds of accounts, and who belongs to whom over which days."""
