"""What people look at: Streamlit pages and charts. Reads through `data`, acts through `monitor.app`."""
