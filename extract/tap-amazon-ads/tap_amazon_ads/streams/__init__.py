"""The streams, by ad product and kind."""

from __future__ import annotations

from tap_amazon_ads.streams.base import AdsStream
from tap_amazon_ads.streams.creatives import (
    CreativeAssets,
    ProductMetadata,
    SbAdAssets,
    SdCreativeAssets,
    SdCreatives,
)
from tap_amazon_ads.streams.invoices import InvoiceAdjustments, InvoiceLines, Invoices
from tap_amazon_ads.streams.portfolios import Portfolios
from tap_amazon_ads.streams.profiles import Profiles
from tap_amazon_ads.streams.sponsored_brands import entities as sb
from tap_amazon_ads.streams.sponsored_brands import reports as sb_reports
from tap_amazon_ads.streams.sponsored_brands import targeting as sb_targeting
from tap_amazon_ads.streams.sponsored_display import entities as sd
from tap_amazon_ads.streams.sponsored_display import reports as sd_reports
from tap_amazon_ads.streams.sponsored_products import entities as sp
from tap_amazon_ads.streams.sponsored_products import reports as sp_reports
from tap_amazon_ads.streams.sponsored_products import targeting as sp_targeting

__all__ = ["STREAMS", "ProductMetadata", "Profiles"]

STREAMS: tuple[type[AdsStream], ...] = (
    Profiles,
    Portfolios,
    sp.SpCampaigns,
    sp.SpAdGroups,
    sp.SpProductAds,
    sp_targeting.SpKeywords,
    sp_targeting.SpTargets,
    sp_targeting.SpNegativeKeywords,
    sp_targeting.SpNegativeTargets,
    sp_targeting.SpCampaignNegativeKeywords,
    sp_targeting.SpCampaignNegativeTargets,
    sb.SbCampaigns,
    sb.SbAdGroups,
    sb.SbAds,
    SbAdAssets,
    sb_targeting.SbKeywords,
    sb_targeting.SbTargets,
    sb_targeting.SbNegativeKeywords,
    sb_targeting.SbNegativeTargets,
    sd.SdCampaigns,
    sd.SdAdGroups,
    sd.SdProductAds,
    sd.SdTargets,
    sd.SdNegativeTargets,
    SdCreatives,
    SdCreativeAssets,
    CreativeAssets,
    ProductMetadata,
    sp_reports.SpCampaignsDaily,
    sp_reports.SpAdGroupsDaily,
    sp_reports.SpPlacementsDaily,
    sp_reports.SpTargetingDaily,
    sp_reports.SpSearchTermsDaily,
    sp_reports.SpAdvertisedProductsDaily,
    sp_reports.SpPurchasedProductsDaily,
    sb_reports.SbCampaignsDaily,
    sb_reports.SbPlacementsDaily,
    sb_reports.SbAdGroupsDaily,
    sb_reports.SbTargetingDaily,
    sb_reports.SbAdsDaily,
    sb_reports.SbSearchTermsDaily,
    sb_reports.SbPurchasedProductsDaily,
    sd_reports.SdCampaignsDaily,
    sd_reports.SdAdGroupsDaily,
    sd_reports.SdTargetingDaily,
    sd_reports.SdAdvertisedProductsDaily,
    sd_reports.SdPurchasedProductsDaily,
    Invoices,
    InvoiceLines,
    InvoiceAdjustments,
)
"""Every stream but `report_runs`."""
