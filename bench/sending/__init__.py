"""The contenders of the bench `send`, each a process of its own that prints what it used."""
