"""SMTP as a domain's MX speak it: STARTTLS (RFC 3207) and the certificates behind it."""
