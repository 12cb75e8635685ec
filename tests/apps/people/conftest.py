"""Tests of this room and of its parts share ``people_world``."""
