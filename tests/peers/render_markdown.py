"""Renders comments as GitHub does. Standard input is a JSON list of them. Prints a line for each thing in one
that no comment of poolctl has by itself: an element, an attribute, or a word outside of code of which GitHub
makes something."""

import json
import re
import sys
from html.parser import HTMLParser

from markdown_it import MarkdownIt

ELEMENTS = set("details summary pre code p strong ul li table thead tbody tr th td".split())
ATTRIBUTES = {("code", "class", "language-diff"), ("code", "class", "language-text"), ("details", "open", None)}
ATTRIBUTES |= {(cell, "style", "text-align:right") for cell in ("th", "td")}
# Mentions, issues and pull requests, addresses.
MADE = re.compile(r"@\w|#\d|\bgh-\d|://|\bwww\.", re.IGNORECASE)


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.found, self.comments = [], [], []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag not in ELEMENTS:
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}={value}" for name, value in attributes if (tag, name, value) not in ATTRIBUTES]

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if "code" not in self.open:
            self.found += [f"text {word!r}" for word in MADE.findall(data)]

    def handle_comment(self, data):
        self.comments.append(data)


markdown = MarkdownIt("gfm-like")
for number, text in enumerate(json.load(sys.stdin)):
    reader = Reader()
    reader.feed(markdown.render(text))
    reader.close()
    found = reader.found + [f"<{tag}> stays open" for tag in reader.open]
    if len(reader.comments) != 1 or not re.fullmatch(r" poolctl:\w+ ", reader.comments[0]):
        found.append(f"comments {reader.comments}")
    for thing in found:
        print(f"{number}: {thing}")
