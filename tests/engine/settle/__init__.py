"""Settlement on trial: an independent oracle, small worlds, literal cases and properties."""
