"""Where mail lands: a marked message to mailboxes of our own, read back without touching them."""
