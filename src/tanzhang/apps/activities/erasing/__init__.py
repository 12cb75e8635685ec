"""What this room takes away, and what it keeps instead, when a person is erased."""
