"""Channels: other platforms whose own log-in opens an account once it was linked."""
