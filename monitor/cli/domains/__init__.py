"""`homing domain …` and `homing keys …`."""
