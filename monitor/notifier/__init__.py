"""Tells people: empties the outbox, and watches that the scheduler lives."""
