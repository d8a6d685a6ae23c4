"""Sending domains: their keys, and the records that they need."""
