"""Looks at envelopes as Sentry does when it takes them in: with Relay's own normaliser, and its scrubber with all of the default rules.

    relay.py FOLDER

Prints what either of them finds: an event that is refused, an error in it or in its `_meta`, a transaction whose name's source is not said,
and whatever the scrubber would take out of what was sent. It is silent if all is well; there must be events and transactions.
"""

import json
import pathlib
import sys

from sentry_relay.processing import StoreNormalizer, convert_datascrubbing_config, pii_strip_event

SCRUBBING = {
    "scrubData": True,
    "scrubDefaults": True,
    "scrubIpAddresses": True,
    "sensitiveFields": [],
    "excludeFields": [],
}


def main(folder):
    rules = convert_datascrubbing_config(SCRUBBING)
    kinds = set()
    for path in sorted(pathlib.Path(folder).iterdir()):
        for kind, payload in items(path.read_bytes()):
            kinds.add(kind)
            if kind in ("event", "transaction"):
                for finding in findings(kind, payload, rules):
                    print(f"{path.name}, {kind} {payload.get('transaction')}: {finding}")
    for kind in {"event", "transaction"} - kinds:
        print(f"there is no {kind}")


def findings(kind, payload, rules):
    event = dict(payload, type="transaction") if kind == "transaction" else dict(payload)
    if kind == "transaction" and "source" not in payload.get("transaction_info", {}):
        yield "it does not say where its name is from"
    try:
        normalised = StoreNormalizer(project_id=1, enable_trimming=True, remove_other=True).normalize_event(event)
    except Exception as error:
        yield f"refused: {error!r}"
        return
    if normalised.get("_meta"):
        yield f"normalised: {json.dumps(normalised['_meta'])}"
    if normalised.get("errors"):
        yield f"errors: {json.dumps(normalised['errors'])}"
    # An address that is told was cut to its network before.
    event["user"] = {name: value for name, value in event.get("user", {}).items() if name != "ip_address"}
    left = pii_strip_event(rules, event).get("_meta")
    if left:
        yield f"left to scrub: {json.dumps(left)}"


def items(envelope):
    _, _, rest = envelope.partition(b"\n")
    while rest:
        header, _, rest = rest.partition(b"\n")
        header = json.loads(header)
        length = header["length"] if "length" in header else rest.find(b"\n") % (len(rest) + 1)
        payload, rest = rest[:length], rest[length:].removeprefix(b"\n")
        yield header["type"], json.loads(payload)


if __name__ == "__main__":
    main(*sys.argv[1:])
