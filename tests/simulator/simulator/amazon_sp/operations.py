"""SP-API's operations with their documented default rates (per second), bursts and roles."""

from __future__ import annotations

from simulator.gateway import Operation

_REPORTS = "/reports/2021-06-30"
_KIOSK = "/dataKiosk/2023-11-15"

MARKETPLACE_PARTICIPATIONS = Operation(
    "getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", 0.016, 15
)
SEARCH_ORDERS = Operation("searchOrders", "GET", "/orders/2026-01-01/orders", 0.0056, 20)
CREATE_REPORT = Operation("createReport", "POST", f"{_REPORTS}/reports", 0.0167, 15)
GET_REPORTS = Operation("getReports", "GET", f"{_REPORTS}/reports", 0.0222, 10)
GET_REPORT = Operation("getReport", "GET", f"{_REPORTS}/reports/<report_id>", 2.0, 15)
GET_REPORT_DOCUMENT = Operation(
    "getReportDocument", "GET", f"{_REPORTS}/documents/<document_id>", 0.0167, 15
)
CREATE_QUERY = Operation("createQuery", "POST", f"{_KIOSK}/queries", 0.0167, 15)
GET_QUERIES = Operation("getQueries", "GET", f"{_KIOSK}/queries", 0.0222, 10)
GET_QUERY = Operation("getQuery", "GET", f"{_KIOSK}/queries/<query_id>", 2.0, 15)
GET_QUERY_DOCUMENT = Operation(
    "getDocument", "GET", f"{_KIOSK}/documents/<document_id>", 0.0167, 15
)
GET_INVENTORY_SUMMARIES = Operation(
    "getInventorySummaries", "GET", "/fba/inventory/v1/summaries", 2.0, 2
)

_FINANCES = "/finances/2024-06-19"
LIST_TRANSACTIONS = Operation("listTransactions", "GET", f"{_FINANCES}/transactions", 0.5, 10)
LIST_BALANCES = Operation("listBalances", "GET", f"{_FINANCES}/balances", 0.5, 10)
LIST_SUMMARY = Operation("listSummary", "GET", f"{_FINANCES}/summary", 0.5, 10)
LIST_FINANCIAL_EVENT_GROUPS = Operation(
    "listFinancialEventGroups", "GET", "/finances/v0/financialEventGroups", 0.5, 30
)
_FINANCE_OPERATIONS = (
    LIST_TRANSACTIONS, LIST_BALANCES, LIST_SUMMARY, LIST_FINANCIAL_EVENT_GROUPS,
)  # fmt: skip
SEARCH_CATALOG_ITEMS = Operation("searchCatalogItems", "GET", "/catalog/2022-04-01/items", 2.0, 2)
GET_ORDER_METRICS = Operation("getOrderMetrics", "GET", "/sales/v1/orderMetrics", 0.5, 15)

_ORDERS = frozenset({"orders"})
_ANY_REPORT = frozenset({"orders", "fba", "finance", "brand_analytics", "product_listing"})
_KIOSK_ROLES = frozenset({"brand_analytics", "selling_partner_insights"})
ROLES: dict[str, frozenset[str]] = {
    MARKETPLACE_PARTICIPATIONS.name: frozenset({"product_listing", "selling_partner_insights"}),
    SEARCH_ORDERS.name: _ORDERS,
    **dict.fromkeys(
        (op.name for op in (CREATE_REPORT, GET_REPORTS, GET_REPORT, GET_REPORT_DOCUMENT)),
        _ANY_REPORT,
    ),
    **dict.fromkeys(
        (op.name for op in (CREATE_QUERY, GET_QUERIES, GET_QUERY, GET_QUERY_DOCUMENT)),
        _KIOSK_ROLES,
    ),
    GET_INVENTORY_SUMMARIES.name: frozenset({"product_listing", "fba"}),
    SEARCH_CATALOG_ITEMS.name: frozenset({"product_listing"}),
    GET_ORDER_METRICS.name: frozenset({"pricing"}),
    **dict.fromkeys((op.name for op in _FINANCE_OPERATIONS), frozenset({"finance"})),
}
