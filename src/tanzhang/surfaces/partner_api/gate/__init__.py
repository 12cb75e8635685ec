"""The gate before ``/v1/``: every check up to idempotency, on raw bytes, in documented order."""
