"""Other people's programs, asked through our ports: second opinions for tests, never for findings."""
