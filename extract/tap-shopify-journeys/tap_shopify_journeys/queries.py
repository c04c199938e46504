"""What is asked of Shopify. No customer, no address, no e-mail."""

SHOP = """
query Shop {
  shop {
    id name myshopifyDomain currencyCode ianaTimezone taxesIncluded createdAt
    billingAddress { countryCodeV2 }
  }
  currentAppInstallation { accessScopes { handle } }
}
"""

_MOMENTS = """
  nodes {
    occurredAt
    ... on CustomerVisit {
      id source sourceType sourceDescription referralCode landingPage referrerUrl
      utmParameters { source medium campaign content term }
    }
  }
  pageInfo { hasNextPage endCursor }
"""

ORDERS = f"""
query Journeys($first: Int!, $after: String, $query: String!, $moments: Int!) {{
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    nodes {{
      id createdAt updatedAt
      customerJourneySummary {{
        ready customerOrderIndex daysToConversion momentsCount {{ count }}
        moments(first: $moments) {{ {_MOMENTS} }}
      }}
    }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""

MORE_MOMENTS = f"""
query MoreMoments($id: ID!, $after: String, $moments: Int!) {{
  node(id: $id) {{
    ... on Order {{
      customerJourneySummary {{ moments(first: $moments, after: $after) {{ {_MOMENTS} }} }}
    }}
  }}
}}
"""
