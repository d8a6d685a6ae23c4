"""Mail over HTTP: a guarded, pooled client for providers' APIs, and what their answers mean."""
