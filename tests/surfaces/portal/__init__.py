"""The portal for partners, page by page, on the test database."""
