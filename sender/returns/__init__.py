"""What comes back: bounces, complaints, replies. Understood by one classifier, kept as events."""
