"""Tests of the partners' API."""
