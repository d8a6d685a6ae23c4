"""Blocklists: who lists this address or domain, and may that list be believed right now (RFC 5782)."""
