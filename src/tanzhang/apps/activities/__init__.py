"""Reports at the door, pieces waiting for settlement, and the outcomes that were posted."""
