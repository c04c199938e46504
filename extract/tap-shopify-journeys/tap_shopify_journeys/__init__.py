"""A Singer tap for Shopify's customer journeys and shop record, read-only."""
