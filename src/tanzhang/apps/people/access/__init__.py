"""Who read what of a person, when and why: a log that shows when it was tampered with."""
