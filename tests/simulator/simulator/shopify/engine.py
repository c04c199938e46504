"""One GraphQL call: parse, validate, price, throttle, execute, and say what it cost."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)

from simulator.clock import Clock
from simulator.credentials import ShopifyToken
from simulator.shopify import cost
from simulator.shopify.access import Context
from simulator.shopify.bulk import BulkOperations
from simulator.shopify.roots import roots
from simulator.shopify.view import ShopView

SCHEMA: GraphQLSchema = build_schema(
    files("simulator.shopify").joinpath("admin_2025_07.graphql").read_text(encoding="utf-8")
)
_DOCUMENTATION = "https://shopify.dev/api/usage/rate-limits"


@dataclass
class Bucket:
    """Points of one app: a standard plan's 2,000, coming back at 100 per scaled second."""

    clock: Clock
    maximum: float = 2000.0
    rate: float = 100.0
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, token: str, points: float) -> bool:
        """Take points (give back a negative number) if there are as many."""
        with self._lock:
            left = self._available(token)
            if points > left:
                return False
            self._left[token] = (min(self.maximum, left - points), self.clock.elapsed())
            return True

    def status(self, token: str) -> dict[str, float]:
        """What the answer tells; the rate as a client in real time sees it."""
        with self._lock:
            return {
                "maximumAvailable": self.maximum,
                "currentlyAvailable": float(int(self._available(token))),
                "restoreRate": self.rate * self.clock.time_scale,
            }

    def _available(self, token: str) -> float:
        left, at = self._left.get(token, (self.maximum, 0.0))
        return min(self.maximum, left + (self.clock.elapsed() - at) * self.rate)


class Engine:
    """Answers documents about one shop."""

    def __init__(self, bucket: Bucket, bulk: BulkOperations) -> None:
        self._bucket, self._bulk = bucket, bulk

    def answer(
        self,
        view: ShopView,
        token: ShopifyToken,
        text: str,
        variables: dict[str, Any],
        operation_name: str | None = None,
        is_throttled: bool = False,
    ) -> dict[str, Any]:
        """The JSON of an answer; everything but a wrong token is 200."""
        try:
            document = parse(text)
        except GraphQLError as mistake:
            return {"errors": [mistake.formatted]}
        if mistakes := validate(SCHEMA, document):
            return {"errors": [_refused(mistake) for mistake in mistakes]}
        price = cost.requested(SCHEMA, document, variables)
        if price > cost.MAX_COST:
            return {"errors": [_too_dear(price)]}
        if is_throttled or not self._bucket.take(token.access_token, price):
            return {
                "errors": [
                    {
                        "message": "Throttled",
                        "extensions": {"code": "THROTTLED", "documentation": _DOCUMENTATION},
                    }
                ],
                "extensions": self._extensions(token, price, None),
            }
        return self._executed(view, token, document, variables, operation_name, price)

    def _executed(
        self,
        view: ShopView,
        token: ShopifyToken,
        document: DocumentNode,
        variables: dict[str, Any],
        operation_name: str | None,
        price: int,
    ) -> dict[str, Any]:
        context = Context(token)
        run = {"bulkOperationRunQuery": lambda info, **a: self._bulk.run(view, token, **a)}
        result = execute_sync(
            SCHEMA,
            document,
            root_value={**roots(view, self._bulk), **run},
            context_value=context,
            variable_values=variables,
            operation_name=operation_name,
        )
        operation = get_operation_ast(document, operation_name)
        is_query = operation is not None and operation.operation.value == "query"
        spent = min(price, cost.actual(result.data)) if is_query else price
        self._bucket.take(token.access_token, spent - price)
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            body["errors"] = [mistake.formatted for mistake in result.errors]
        body["extensions"] = self._extensions(token, price, spent)
        if context.warnings:
            body["extensions"]["search"] = [{"warnings": context.warnings}]
        return body

    def _extensions(self, token: ShopifyToken, price: int, spent: int | None) -> dict[str, Any]:
        status = self._bucket.status(token.access_token)
        told = {"requestedQueryCost": price, "actualQueryCost": spent, "throttleStatus": status}
        return {"cost": told}


def _refused(mistake: GraphQLError) -> Any:
    return {**mistake.formatted, "extensions": {"code": "undefinedField"}}


def _too_dear(price: int) -> dict[str, Any]:
    message = (
        f"Query cost is {price}, which exceeds the single query max cost limit ({cost.MAX_COST})."
    )
    return {
        "message": message,
        "extensions": {"code": "MAX_COST_EXCEEDED", "cost": price, "maxCost": cost.MAX_COST},
    }
