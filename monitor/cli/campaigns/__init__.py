"""`homing campaign …` and `homing send-test`."""
