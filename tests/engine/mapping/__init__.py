"""Mappings: files in."""
