"""Sending servers as their owner handles them: made, tried, changed, and told about."""
