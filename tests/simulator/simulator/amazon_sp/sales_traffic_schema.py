"""The GraphQL schema of Data Kiosk's Sales & Traffic, version 2024-04-24, as far as it is told."""

from __future__ import annotations

from graphql import GraphQLSchema, build_schema

ROOT = "analytics_salesAndTraffic_2024_04_24"
ROOT_TYPE = "Analytics_SalesAndTraffic_2024_04_24"

# "Amount!" and "Long!" as Amazon declares them; each field has a nullable twin for B2B sellers.
SALES_BY_DATE = {
    "orderedProductSales": "Amount", "unitsOrdered": "Long", "totalOrderItems": "Long",
    "averageSalesPerOrderItem": "Amount", "averageUnitsPerOrderItem": "Float",
    "averageSellingPrice": "Amount",
    "unitsRefunded": "Long", "refundRate": "Float", "claimsGranted": "Long",
    "claimsAmount": "Amount", "shippedProductSales": "Amount", "unitsShipped": "Long",
    "ordersShipped": "Long",
}  # fmt: skip
TRAFFIC_BY_DATE = {
    "browserPageViews": "Long", "mobileAppPageViews": "Long", "pageViews": "Long",
    "browserSessions": "Long", "mobileAppSessions": "Long", "sessions": "Long",
    "buyBoxPercentage": "Float", "orderItemSessionPercentage": "Float",
    "unitSessionPercentage": "Float", "averageOfferCount": "Long", "averageParentItems": "Long",
    "feedbackReceived": "Long", "negativeFeedbackReceived": "Long",
    "receivedNegativeFeedbackRate": "Float",
}  # fmt: skip
SALES_BY_ASIN = {
    name: SALES_BY_DATE[name]
    for name in (
        "orderedProductSales", "unitsOrdered", "totalOrderItems", "unitsRefunded", "refundRate",
        "shippedProductSales", "unitsShipped", "ordersShipped",
    )
}  # fmt: skip
TRAFFIC_BY_ASIN = {
    "browserPageViews": "Long", "browserPageViewsPercentage": "Float",
    "mobileAppPageViews": "Long", "mobileAppPageViewsPercentage": "Float",
    "pageViews": "Long", "pageViewsPercentage": "Float",
    "browserSessions": "Long", "browserSessionPercentage": "Float",
    "mobileAppSessions": "Long", "mobileAppSessionPercentage": "Float",
    "sessions": "Long", "sessionPercentage": "Float",
    "buyBoxPercentage": "Float", "unitSessionPercentage": "Float",
}  # fmt: skip
WITHOUT_TWIN = frozenset({"averageOfferCount", "averageParentItems"})


def twinned(fields: dict[str, str]) -> dict[str, str]:
    """The fields with their B2B twins, all with GraphQL types."""
    own = {name: f"{kind}!" for name, kind in fields.items()}
    twins = {f"{name}B2B": kind for name, kind in fields.items() if name not in WITHOUT_TWIN}
    return own | twins


def _type(name: str, fields: dict[str, str]) -> str:
    return f"type {name} {{ {' '.join(f'{field}: {kind}' for field, kind in fields.items())} }}"


_KEYS = "startDate: Date! endDate: Date! marketplaceId: String!"
_ASIN_KEYS = (
    f"{_KEYS} parentAsin: String! childAsin: String sku: String "
    "sales: ByAsinSales! traffic: ByAsinTraffic!"
)
_RANGE = "startDate: Date!, endDate: Date!"

SDL = "\n".join(
    (
        "scalar Date scalar Long",
        "enum AsinGranularity { CHILD PARENT SKU } enum DateGranularity { DAY MONTH WEEK }",
        "type Amount { amount: Float! currencyCode: String! }",
        "input MarketplaceAsinFilter { asins: [String!]! marketplaceId: String! }",
        _type("ByDateSales", twinned(SALES_BY_DATE)),
        _type("ByDateTraffic", twinned(TRAFFIC_BY_DATE)),
        _type("ByAsinSales", twinned(SALES_BY_ASIN)),
        _type("ByAsinTraffic", twinned(TRAFFIC_BY_ASIN)),
        f"type SalesAndTrafficByDate {{ {_KEYS} sales: ByDateSales! traffic: ByDateTraffic! }}",
        f"type SalesAndTrafficByAsin {{ {_ASIN_KEYS} }}",
        f"type SalesAndTrafficTrends {{ {_ASIN_KEYS} asinAggregation: AsinGranularity! }}",
        f"type {ROOT_TYPE} {{",
        f"salesAndTrafficByDate(aggregateBy: DateGranularity!, {_RANGE}, "
        "marketplaceIds: [String!]!): [SalesAndTrafficByDate]",
        f"salesAndTrafficByAsin(aggregateBy: AsinGranularity!, {_RANGE}, "
        "marketplaceIds: [String!]!): [SalesAndTrafficByAsin]",
        "salesAndTrafficTrends(asinAggregation: AsinGranularity!, "
        f"dateAggregation: DateGranularity!, {_RANGE}, "
        "filters: [MarketplaceAsinFilter!]!): [SalesAndTrafficTrends]",
        "}",
        f"type Query {{ {ROOT}: {ROOT_TYPE} }}",
    )
)

SCHEMA: GraphQLSchema = build_schema(SDL)
