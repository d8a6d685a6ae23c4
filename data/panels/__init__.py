"""What the pages show, as bounded read queries: each function is named after what it tells."""
