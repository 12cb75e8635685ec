"""Several processes as one: ``tanzhang up`` and what keeps its parts together.

- ``lifeline``    how a part notices that whoever started it is gone
- ``presence``    whether an ``up`` runs in a home, and how another shell stops it
- ``supervisor``  starts parts, starts them again when they die, ends them in order

The embedded PostgreSQL is no part: it belongs to the home, outlives whoever started it, and is
stopped by name (``tanzhang.config.postgres``).
"""
