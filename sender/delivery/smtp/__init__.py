"""A small SMTP client: bytes to replies, dialogues over a line, and the asyncio driver under them."""
