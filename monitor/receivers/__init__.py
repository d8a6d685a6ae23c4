"""What receivers report, watched: new sources, reports that stay out, failures that grow, TLS that fails."""
