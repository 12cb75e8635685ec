"""The operators' console, page by page, on the test database."""
