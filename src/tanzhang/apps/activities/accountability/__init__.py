"""What is processed, and the evidence of it: the record of processing and the audit pack."""
