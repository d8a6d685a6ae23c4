"""DMARC (RFC 9989, with RFC 7489 beside it): records, discovery, alignment, and what they add up to."""
