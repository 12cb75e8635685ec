"""The console's pages, a file a subject."""
