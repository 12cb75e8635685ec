"""Template tags of this surface."""
