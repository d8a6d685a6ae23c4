"""Whether everybody who asks about a domain is told the same."""
