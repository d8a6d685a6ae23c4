"""The real servers that tests talk to, on loopback, in temporary folders, without systemd.

`python -m tests.lab.setup` brings Debian's packages under `.lab/` without touching the host; `tools.find`
tells a test where a server's program is.
"""
