"""The command line: one small file per command, one table of commands in `main`."""
