"""The truth table: every kind of record under every fault of DNS, and what is concluded.

`python -m tests.truth` runs Homing and checkdmarc side by side and writes docs/truth-table.md.
"""
