"""Personal data at rest: every field sealed under its person's own key, read only by this door."""
