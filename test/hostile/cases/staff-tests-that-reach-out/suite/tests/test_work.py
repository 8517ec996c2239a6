"""Replaced by test_reach.py."""
