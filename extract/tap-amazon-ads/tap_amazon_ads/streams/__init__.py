"""The streams, one module per ad product."""

from __future__ import annotations

from amazon_client.singer import AmazonStream
from tap_amazon_ads.streams.profiles import Profiles
from tap_amazon_ads.streams.sponsored_brands import SbCampaigns, SbCampaignsDaily
from tap_amazon_ads.streams.sponsored_display import SdCampaigns, SdCampaignsDaily
from tap_amazon_ads.streams.sponsored_products import SpCampaigns, SpCampaignsDaily

__all__ = ["STREAMS", "Profiles"]

STREAMS: tuple[type[AmazonStream], ...] = (
    Profiles,
    SpCampaigns,
    SbCampaigns,
    SdCampaigns,
    SpCampaignsDaily,
    SbCampaignsDaily,
    SdCampaignsDaily,
)
"""Every stream but `report_runs`, in the order they are read."""
