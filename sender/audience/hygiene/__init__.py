"""Addresses that are valid and yet unwise to write to: roles, throw-away domains, slips of the pen."""
