"""The rooms that remember. Each may import only the rooms below it, and only through ``api.py``."""
