"""What this room can prove: leaves derived again from rows, receipts, certificates."""
