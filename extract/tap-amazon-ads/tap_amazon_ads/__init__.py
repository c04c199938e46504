"""A Singer tap for the Amazon Ads API: profiles, campaigns and daily reports, read-only."""
