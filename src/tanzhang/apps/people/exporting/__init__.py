"""A person's copy of everything that is kept of her, for machines and for her."""
