"""What the people of a partner look at: their own keys, calls, batches, messages and days."""
