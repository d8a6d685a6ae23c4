"""Fakes that sit at the ports and remember what they were asked."""
