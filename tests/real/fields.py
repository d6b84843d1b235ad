"""Holds an event of Bugsink's API, on standard input, to what is expected of it.

    fields.py < EVENT EXPECTED-FILE

Each line of the file is a path into the event's data and its value, with a bar between them; `-` stands for no value. A path that ends in
`~TEXT` is true if any of the values there holds the text. What differs is printed.
"""

import json
import sys


def main(expected):
    data = json.load(sys.stdin)["data"]
    with open(expected, encoding="utf-8") as lines:
        for line in lines:
            path, _, wanted = line.rstrip("\n").partition("|")
            if path and (found := shown(data, path)) != wanted:
                print(f"{path}: {found} instead of {wanted}")


def shown(data, path):
    path, holds, text = path.partition("~")
    values = list(at(data, path.split(".")))
    if holds:
        return str(any(text in str(value) for value in values)).lower()
    if not values:
        return "-"
    return json.dumps(values[0]) if isinstance(values[0], bool) else str(values[0])


def at(value, path):
    """All values at the path. Lists go by their indices, or all that is in them."""
    if not path:
        yield value
    elif isinstance(value, list):
        if path[0].lstrip("-").isdigit():
            yield from at(value[int(path[0])], path[1:])
        else:
            for item in value:
                yield from at(item, path)
    elif isinstance(value, dict) and path[0] in value:
        yield from at(value[path[0]], path[1:])


if __name__ == "__main__":
    main(*sys.argv[1:])
