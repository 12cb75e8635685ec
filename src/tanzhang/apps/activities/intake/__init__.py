"""What partners deliver: batches decoded by columns, taken to the door, kept with a receipt."""
