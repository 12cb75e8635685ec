"""Whether acts are likely true: judging at the door, sweeps afterwards, and people who decide."""
