"""Steering campaigns: the gate, the clock, the command line."""
