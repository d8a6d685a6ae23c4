"""The public endpoints: pixel, click, unsubscribe, opt-in, hooks. No sessions."""
