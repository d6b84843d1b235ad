"""Asks a Prometheus all that the dashboard and the rules ask it, as they would.

    queries.py PROMETHEUS_URL DASHBOARD

Prints a line for each query: `ok` or `not ok`, what it is of, and what is wrong with it, with tabs between them. A query is
right if it returns a finite number, and, where it is of what happened in a time, one that is not 0: at once, or within the
patience that rates need. Of an alert it is what the thresholds are about, each part for itself: of `a > 1 or b / c > 0.1`
it is `a` and `b / c`.
"""

import json
import math
import re
import sys
import time
from urllib.parse import urlencode
from urllib.request import urlopen

# In seconds, for all of them together.
PATIENCE = 60

# What Grafana makes of it for a data source that is scraped every 15 seconds, as Prometheus is told by default.
RATE_INTERVAL = "1m"

SET_OPERATORS = {"or", "and", "unless"}
COMPARISONS = {"==", "!=", ">", "<", ">=", "<="}
NUMBER = re.compile(r"[+-]?[0-9.]+(e[+-]?[0-9]+)?$", re.IGNORECASE)

# A string, a comparison or a selector's operator, a word, or a single character.
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`|==|!=|=~|!~|>=|<=|[\w:.]+|.', re.DOTALL)


def main(prometheus, dashboard):
    with open(dashboard, encoding="utf-8") as file:
        dashboard = json.load(file)
    values = variables(prometheus, dashboard)
    queries = []
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            queries.append((f"panel {panel['title']}: {target['expr']}", replaced(target["expr"], values)))
    for rule in rules(prometheus):
        told("is evaluated: " + title(rule), "" if rule["health"] == "ok" else rule.get("lastError") or rule["health"])
        if rule["type"] == "recording":
            queries.append((title(rule), rule["name"]))
        for operand in operands(rule["query"]):
            queries.append((f"{title(rule)}: {operand}", operand))
    deadline = time.monotonic() + PATIENCE
    for name, query in queries:
        wrong = fault(prometheus, query)
        while wrong and time.monotonic() < deadline:
            time.sleep(1)
            wrong = fault(prometheus, query)
        told(name, wrong)


def told(name, wrong):
    fields = ["not ok", name, wrong] if wrong else ["ok", name]
    print(*[" ".join(field.split()) for field in fields], sep="\t", flush=True)


def api(prometheus, path, **parameters):
    with urlopen(f"{prometheus}/api/v1/{path}?{urlencode(parameters)}", timeout=10) as answer:
        return json.load(answer)["data"]


def fault(prometheus, query):
    """What is wrong with what it returns; nothing if all is well."""
    try:
        result = api(prometheus, "query", query=query)["result"]
    except OSError as error:
        return str(error)
    values = [float(series["value"][1]) for series in result]
    if not values:
        return "it returns nothing"
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return f"it returns no finite number, but {values[0]}"
    # What is recorded has a colon in its name.
    is_of_a_time = re.search(r"rate\(|increase\(|^\w+:", query)
    return "it returns nothing but 0" if is_of_a_time and not any(finite) else ""


# ---- the dashboard


def variables(prometheus, dashboard):
    """What Grafana puts in place of each variable, where all its values are chosen."""
    values = {"__rate_interval": RATE_INTERVAL}
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            values[variable["name"]] = chosen(prometheus, replaced(variable["query"]["query"], values))
    return values


def chosen(prometheus, query):
    """All values of a variable, as Grafana writes them: alternatives, for a regular expression in a string."""
    series, label = re.fullmatch(r"label_values\((.+), (\w+)\)", query).groups()
    found = api(prometheus, f"label/{label}/values", **{"match[]": series})
    if not found:
        told(f"variable {query}", "it has no values")
    values = [re.sub(r"[\\^$*+?.()|\[\]{}]", r"\\\\\g<0>", value) for value in found]
    return values[0] if len(values) == 1 else "(" + "|".join(values) + ")"


def replaced(text, values):
    return re.sub(r"\$\{?(\w+)\}?", lambda variable: values[variable[1]], text)


# ---- the rules


def rules(prometheus):
    return [rule for group in api(prometheus, "rules")["groups"] for rule in group["rules"]]


def title(rule):
    return f"{'alert' if rule['type'] == 'alerting' else 'record'} {rule['name']}"


def operands(expression):
    """The parts between set operators, without their thresholds."""
    parts = [[]]
    depth = 0
    for token in TOKEN.findall(expression):
        depth += (token in "([{") - (token in ")]}")
        if depth == 0 and token in SET_OPERATORS:
            parts.append([])
        else:
            parts[-1].append((token, depth))
    return [re.sub(r"^(on|ignoring)\s*\(.*?\)\s*", "", threshold_off(part)) for part in parts]


def threshold_off(part):
    comparisons = [at for at, (token, depth) in enumerate(part) if depth == 0 and token in COMPARISONS]
    text = lambda tokens: "".join(token for token, _ in tokens).strip()
    if not comparisons:
        return text(part)
    [at] = comparisons
    assert NUMBER.match(text(part[at + 1 :])), f"no number is behind the comparison of {text(part)}"
    return text(part[:at])


if __name__ == "__main__":
    main(*sys.argv[1:])
