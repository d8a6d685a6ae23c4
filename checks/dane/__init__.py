"""DANE for SMTP (RFC 7672): certificates pinned in signed DNS."""
