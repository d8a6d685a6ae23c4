"""What `homing template` reads from files and shows of a message."""
