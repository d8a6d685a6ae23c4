"""The pages: one file each, drawn by `frame.py` inside the frame that they share.

Not called `pages`: Streamlit serves what lies in a folder of that name by itself, without the frame.
"""
