"""A small fictitious host app, in which the demonstration's account is opened."""
