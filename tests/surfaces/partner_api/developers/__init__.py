"""Tests of the pages for developers."""
