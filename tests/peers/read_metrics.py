"""Reads texts, given as a JSON list, as OpenMetrics and then as Prometheus' older text format. Prints a line for each
with the samples that both find, as JSON: the name of each, its labels and its value."""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as as_openmetrics
from prometheus_client.parser import text_string_to_metric_families as as_text


def samples(families):
    found = [(sample.name, sample.labels, sample.value) for family in families for sample in family.samples]
    return sorted(found, key=repr)


for text in json.load(sys.stdin):
    new, old = samples(as_openmetrics(text)), samples(as_text(text))
    if new != old:
        sys.exit(f"the two formats do not say the same\n{text}")
    print(json.dumps(new))
