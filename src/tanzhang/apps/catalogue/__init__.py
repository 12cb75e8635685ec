"""Which packs and programmes are in force where and since when, as they were loaded."""
