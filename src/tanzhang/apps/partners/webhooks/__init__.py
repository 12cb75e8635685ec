"""The outbox: what partners are told at addresses of their own, at least once, for a day."""
