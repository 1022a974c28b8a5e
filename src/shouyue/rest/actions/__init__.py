"""Verbs of the API: keys, and webhooks with their deliveries."""
