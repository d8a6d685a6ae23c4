"""What we claim about speed, measured against a peer in the same run (`make bench`)."""
