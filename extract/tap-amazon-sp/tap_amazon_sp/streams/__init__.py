"""The tap's streams, one module per family of Amazon's APIs. `ALL` is what the tap offers."""

from __future__ import annotations

from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.streams.fba_inventory import FbaInventory
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
from tap_amazon_sp.streams.orders import OrderItems, Orders
from tap_amazon_sp.streams.orders_bulk import OrderItemsBulk, OrdersBulk
from tap_amazon_sp.streams.sales_traffic import SalesTrafficByDate
from tap_amazon_sp.streams.sellers import MarketplaceParticipations
from tap_amazon_sp.streams.settlements import SettlementLines, Settlements

ALL: tuple[type[AmazonStream], ...] = (
    MarketplaceParticipations,
    Orders,
    OrderItems,
    OrdersBulk,
    OrderItemsBulk,
    SalesTrafficByDate,
    FbaInventory,
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
