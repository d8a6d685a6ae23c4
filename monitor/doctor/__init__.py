"""What stands between this installation and doing its work: its resolver, and the machine it runs on."""
