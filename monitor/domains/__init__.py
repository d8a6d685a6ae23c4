"""Sending domains as a person sets them up: added, published, verified."""
