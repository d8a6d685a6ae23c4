"""`homing server …`."""
