"""The pages: one file each, drawn by `frame.py` inside the frame that they share."""
