"""A small world for posting: two programmes, six people, shared things, and their reports."""
