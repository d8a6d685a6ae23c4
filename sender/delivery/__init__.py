"""Getting a message to its receiver: lanes, pace, retry, transports, DKIM. Knows no rule of campaigns."""
