"""The GraphQL schema of Data Kiosk's seller economics, version 2024-03-15, as far as it is told."""

from __future__ import annotations

from graphql import GraphQLSchema, build_schema

ROOT = "analytics_economics_2024_03_15"
ROOT_TYPE = "Analytics_Economics_2024_03_15"

SDL = f"""
scalar Date scalar Long
enum DateGranularity {{ DAY MONTH RANGE WEEK }}
enum ProductIdentifierGranularity {{ CHILD_ASIN MSKU PARENT_ASIN }}
enum FeeType {{ FBA_FULFILLMENT_FEE FBA_STORAGE_FEE }}
input EconomicsAggregation {{ date: DateGranularity productId: ProductIdentifierGranularity }}
type Amount {{ amount: Float! currencyCode: String! }}
type AggregatedDetail {{
  amount: Amount! promotionAmount: Amount! taxAmount: Amount! totalAmount: Amount!
  quantity: Float amountPerUnit: Amount amountPerUnitDelta: Amount
}}
type EconomicsProperty {{ propertyName: String! propertyValue: String! }}
type FeeComponent {{
  aggregatedDetail: AggregatedDetail! name: String! properties: [EconomicsProperty]
}}
type Fee {{
  aggregatedDetail: AggregatedDetail! components: [FeeComponent] endDate: Date identifier: String!
  properties: [EconomicsProperty] startDate: Date
}}
type FeeSummary {{ charge: Fee charges: [Fee] feeTypeName: String! }}
type AdSummary {{ adTypeName: String! charge: AggregatedDetail }}
type FbaPerUnitCost {{ shippingToAmazonCost: Amount }}
type MfnPerUnitCost {{ fulfillmentCost: Amount storageCost: Amount }}
type PerUnitCost {{
  costOfGoodsSold: Amount fbaCost: FbaPerUnitCost mfnCost: MfnPerUnitCost miscellaneousCost: Amount
}}
type NetProceeds {{ perUnit: Amount total: Amount }}
type Sales {{
  averageSellingPrice: Amount netProductSales: Amount! netUnitsSold: Long!
  orderedProductSales: Amount! refundedProductSales: Amount! unitsOrdered: Long!
  unitsRefunded: Long!
}}
type Economics {{
  ads: [AdSummary] childAsin: String cost: PerUnitCost endDate: Date! fees: [FeeSummary]!
  fnsku: String marketplaceId: String! msku: String netProceeds: NetProceeds! parentAsin: String!
  sales: Sales! startDate: Date!
}}
type {ROOT_TYPE} {{
  economics(
    aggregateBy: EconomicsAggregation, endDate: Date!, includeComponentsForFeeTypes: [FeeType],
    marketplaceIds: [String!]!, startDate: Date!
  ): [Economics]
}}
type Query {{ {ROOT}: {ROOT_TYPE} }}
"""

SCHEMA: GraphQLSchema = build_schema(SDL)
