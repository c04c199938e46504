"""Calls that weigh more than one: Amazon counts a call for extended data as five."""

from __future__ import annotations

from simulator.gateway import Call, Operation, Refusal
from simulator.simulation import Simulation

EXTENDED_DATA = 5


def weigh(call: Call, operation: Operation, simulation: Simulation, weight: int) -> None:
    """Take the rest of a heavy call's tokens; it is throttled where they are not there."""
    if operation.rate is None:
        return
    account = f"{call.caller.region}/{call.caller.account}"
    for _ in range(weight - 1):
        if not simulation.limits.take(operation.name, account, operation.rate, operation.burst):
            raise Refusal(429, message="Too Many Requests")
