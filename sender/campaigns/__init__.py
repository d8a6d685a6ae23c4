"""A campaign's life: what it is made of, its moves, its start, and the message of each recipient."""
