"""Campaigns as a person steers them: the gate before the start, the clock, and what is told of them."""
