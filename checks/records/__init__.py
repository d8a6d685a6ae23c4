"""What a domain's records mean, as values that two looks are compared by."""
