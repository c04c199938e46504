"""Sponsored Products: entities of API v3 and reports."""
