"""DKIM: the keys that a domain publishes, and the signatures of a message (RFC 6376, 8301, 8463)."""
