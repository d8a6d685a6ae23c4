"""What happened before it broke: the timeline, and which of it is likely to blame."""
