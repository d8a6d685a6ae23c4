"""The providers' APIs on loopback, as they are published: keys and signatures checked, errors included."""
