"""Ways in from elsewhere."""
