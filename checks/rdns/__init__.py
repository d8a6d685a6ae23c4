"""Reverse DNS: what an address calls itself, whether that is true, and what it says in HELO."""
