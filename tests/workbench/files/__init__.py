"""Files are opened safely, and every row is read or named."""
