"""What is remembered: tables, migrations and every SQL statement, in functions named after what they do."""
