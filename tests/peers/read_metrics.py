"""Reads metrics from standard input as OpenMetrics, and then as Prometheus' older text format. Prints each
sample that both find, as JSON: its name, its labels and its value."""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as as_openmetrics
from prometheus_client.parser import text_string_to_metric_families as as_text

text = sys.stdin.read()


def samples(families):
    found = [(sample.name, sample.labels, sample.value) for family in families for sample in family.samples]
    return sorted(found, key=repr)


new, old = samples(as_openmetrics(text)), samples(as_text(text))
if new != old:
    sys.exit("the two formats do not say the same")
for name, labels, value in new:
    print(json.dumps([name, labels, value]))
