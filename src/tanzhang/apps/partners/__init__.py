"""The organisations that report acts. This room knows their names, not what they report."""
