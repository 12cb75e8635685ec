"""Joining: who may, by which evidence; cohorts, features that some see first, and surveys."""
