"""MTA-STS (RFC 8461): a domain's promise that its MX speak TLS with valid certificates."""
