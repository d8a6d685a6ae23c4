"""Webhooks of the providers that send for us: who may call, and what they say. Pure; one file a provider."""
