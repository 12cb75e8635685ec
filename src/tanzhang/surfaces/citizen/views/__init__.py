"""One file a screen; each asks a room and shows the answer."""
