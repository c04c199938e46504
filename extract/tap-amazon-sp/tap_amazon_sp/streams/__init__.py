"""The tap's streams, one module per family of Amazon's APIs. `ALL` is what the tap offers."""

from __future__ import annotations

from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.streams.catalog import (
    CatalogItemImages,
    CatalogItemRelationships,
    CatalogItems,
)
from tap_amazon_sp.streams.economics import (
    Economics,
    EconomicsAds,
    EconomicsFeeComponents,
    EconomicsFees,
)
from tap_amazon_sp.streams.fba_charges import (
    FbaLongtermStorageFees,
    FbaReimbursements,
    FbaReturns,
    FbaStorageFees,
)
from tap_amazon_sp.streams.fba_inventory import FbaInventory
from tap_amazon_sp.streams.fba_stock import (
    FbaInventoryByCountry,
    FbaInventoryLedger,
    FbaInventoryPlanning,
)
from tap_amazon_sp.streams.finance_checks import (
    FinancialBalances,
    FinancialEventGroups,
    FinancialSummaries,
)
from tap_amazon_sp.streams.finances import (
    FinancialTransactionBreakdowns,
    FinancialTransactionContexts,
    FinancialTransactionItems,
    FinancialTransactions,
)
from tap_amazon_sp.streams.listings import Listings
from tap_amazon_sp.streams.order_metrics import OrderMetricsHourly
from tap_amazon_sp.streams.order_parts import (
    OrderItemProceeds,
    OrderItemTaxes,
    OrderPromotions,
)
from tap_amazon_sp.streams.order_parts_bulk import (
    OrderItemProceedsBulk,
    OrderItemTaxesBulk,
    OrderPromotionsBulk,
)
from tap_amazon_sp.streams.order_recipients import OrderRecipients, OrderRecipientsBulk
from tap_amazon_sp.streams.orders import OrderItems, Orders
from tap_amazon_sp.streams.orders_bulk import OrderItemsBulk, OrdersBulk
from tap_amazon_sp.streams.sales_traffic import SalesTrafficByDate
from tap_amazon_sp.streams.sales_traffic_by_asin import SalesTrafficByAsin
from tap_amazon_sp.streams.sellers import MarketplaceParticipations
from tap_amazon_sp.streams.settlements import SettlementLines, Settlements

ALL: tuple[type[AmazonStream], ...] = (
    MarketplaceParticipations,
    Orders,
    OrderItems,
    OrdersBulk,
    OrderItemsBulk,
    OrderPromotions,
    OrderItemProceeds,
    OrderItemTaxes,
    OrderPromotionsBulk,
    OrderItemProceedsBulk,
    OrderItemTaxesBulk,
    OrderMetricsHourly,
    SalesTrafficByDate,
    SalesTrafficByAsin,
    Economics,
    EconomicsFees,
    EconomicsFeeComponents,
    EconomicsAds,
    FbaInventory,
    FbaInventoryLedger,
    FbaInventoryPlanning,
    FbaInventoryByCountry,
    FbaReturns,
    FbaReimbursements,
    FbaStorageFees,
    FbaLongtermStorageFees,
    Listings,
    CatalogItems,
    CatalogItemImages,
    CatalogItemRelationships,
    FinancialTransactions,
    FinancialTransactionItems,
    FinancialTransactionContexts,
    FinancialTransactionBreakdowns,
    Settlements,
    SettlementLines,
    FinancialEventGroups,
    FinancialBalances,
    FinancialSummaries,
)

PERSONAL: tuple[type[AmazonStream], ...] = (OrderRecipients, OrderRecipientsBulk)
"""Streams of personal data, offered with the setting `include_personal_data` only."""
