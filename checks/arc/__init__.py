"""ARC: what intermediaries say about authentication before they changed a message (RFC 8617)."""
