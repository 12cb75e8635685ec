"""Incidents: who is affected when a key, a pack, a partner or a member of staff went wrong."""
