"""Sponsored Brands: entities of API v4 and v3, and reports."""
