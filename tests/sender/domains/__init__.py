"""Keys and records of sending domains."""
