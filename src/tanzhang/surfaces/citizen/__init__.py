"""What citizens look at: the H5 pages of their carbon account."""
