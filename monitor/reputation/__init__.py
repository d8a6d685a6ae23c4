"""Reputation as we can see it: our own composite of what is known, with every input shown."""
