"""Who may be written to: addresses, contacts, lists, consent and suppression."""
