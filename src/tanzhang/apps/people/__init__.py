"""Subjects, their accounts, who knows them by which reference, and what they consented to."""
