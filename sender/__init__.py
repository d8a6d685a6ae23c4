"""Mail out, and mail back: audience, content, campaigns, delivery, tracking, returns."""
