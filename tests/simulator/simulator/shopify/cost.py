"""What a query costs: objects one point, connections by the size that they ask for.

Shopify publishes what a field costs and not how a connection scales (far below its size: ten of 250
orders do not cost 250). Here a connection multiplies its content by the binary logarithm of its
size, and money objects are free.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    value_from_ast_untyped,
)

MAX_COST = 1000
_FREE = {"MoneyBag", "MoneyV2", "PageInfo", "Count"}
_TRANSPARENT = {"edges", "nodes", "node"}


def requested(schema: GraphQLSchema, document: DocumentNode, variables: dict[str, Any]) -> int:
    """The most that a valid document can cost."""
    fragments = {
        part.name.value: part.selection_set
        for part in document.definitions
        if isinstance(part, FragmentDefinitionNode)
    }
    operation = next(p for p in document.definitions if isinstance(p, OperationDefinitionNode))
    counter = _Counter(schema, fragments, variables)
    if operation.operation is OperationType.MUTATION:
        return 10
    return counter.of(operation.selection_set, schema.query_type)


class _Counter:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, SelectionSetNode],
        variables: dict[str, Any],
    ) -> None:
        self._schema, self._fragments, self._variables = schema, fragments, variables

    def of(self, selections: SelectionSetNode, parent: Any) -> int:
        """Of everything selected in an object of a type; of alternatives, the dearest."""
        total, alternatives = 0, [0]
        for part in selections.selections:
            if isinstance(part, InlineFragmentNode):
                on = part.type_condition
                type_ = self._schema.type_map[on.name.value] if on else parent
                alternatives.append(self.of(part.selection_set, type_))
            elif isinstance(part, FragmentSpreadNode):
                alternatives.append(self.of(self._fragments[part.name.value], parent))
            elif isinstance(part, FieldNode):
                total += self._field(part, parent)
        return total + max(alternatives)

    def _field(self, field: FieldNode, parent: Any) -> int:
        name = field.name.value
        if field.selection_set is None or name.startswith("__"):
            return 0
        type_ = get_named_type(parent.fields[name].type)
        if not is_composite_type(type_) or type_.name in _FREE:
            return 0
        inside = self.of(field.selection_set, type_)
        if type_.name.endswith("Connection"):
            return 2 + inside * max(1, self._size(field).bit_length())
        if name in _TRANSPARENT and type_.name.endswith("Edge"):
            return inside
        return 1 + inside

    def _size(self, field: FieldNode) -> int:
        for argument in field.arguments or ():
            if argument.name.value in ("first", "last"):
                return int(value_from_ast_untyped(argument.value, self._variables) or 0)
        return 0


def actual(result: Any) -> int:
    """What a result cost: the objects that came, less what ``cost`` does not count."""
    if isinstance(result, dict):
        is_object = not (result.keys() <= _WRAPPERS or "amount" in result or "shopMoney" in result)
        return is_object + sum(actual(value) for value in result.values())
    if isinstance(result, list):
        return sum(actual(value) for value in result)
    return 0


_WRAPPERS = {"edges", "nodes", "node", "pageInfo", "cursor"} | {
    "hasNextPage", "hasPreviousPage", "startCursor", "endCursor",
}  # fmt: skip
