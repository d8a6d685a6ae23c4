"""One small file for each process of `homing up`; each also starts by itself (systemd, compose)."""
