"""Suspicion 存疑: what a compromised key signed takes part in nothing until two persons decided."""
