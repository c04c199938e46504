"""Connecting a store: a token or a consent, verified at once, saved encrypted."""
