"""Sponsored Display: entities of API 3.0 and reports."""
