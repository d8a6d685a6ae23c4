"""What kind of resolver this is, before its answers are believed (RES-013)."""
