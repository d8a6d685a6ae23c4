"""BIMI: the logo beside the mail (draft-brand-indicators-for-message-identification)."""
