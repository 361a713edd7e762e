"""Reads pages as a strict reader of HTML: `check.py < pages`, one JSON string a line; prints one JSON line each.

Says what must not be: elements and attributes that no page of ours has, a style attribute or a handler, a link that
leads neither into the page nor to https, an element that is not closed where it should be, an id that is there twice, and a
style or script whose hash the page's policy does not name.
"""

import base64
import hashlib
import json
import re
import sys
from html.parser import HTMLParser

ELEMENTS = set(
    """html head meta title style body a header div svg path span h1 h2 h3 h4 h5 h6 p ul ol li b strong em del nav form label input
    fieldset legend select option button output main section table caption thead tbody tr th td details summary article
    figure figcaption pre code bdi dl dt dd rect script blockquote hr br""".split()
)
EMPTY = {"meta", "input", "path", "rect", "hr", "br"}
ATTRIBUTES = set(
    """lang charset http-equiv content name class href viewbox width height aria-hidden aria-label aria-labelledby aria-live
    role d id hidden type autocomplete spellcheck placeholder value checked scope preserveaspectratio x open title rel
    data-severity data-rule data-servers data-bare start""".split()
)
# Unquoted values that we write are of these characters; anything else would be a hole in the escaping.
ONCE = {"h1", "title", "style", "script", "main"}


class Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.problems, self.open, self.ids, self.text = [], [], set(), []
        self.counts, self.raw, self.policy = {}, {}, ""

    def handle_starttag(self, tag, attrs):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if tag not in ELEMENTS:
            self.problems.append(f"<{tag}>")
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"<{tag}> has an attribute twice")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.problems.append(f"<{tag} {name}>")
            if name == "href" and not re.match(r"(#[A-Za-z0-9-]+|https://)", value or ""):
                self.problems.append(f"href={value}")
            if name == "id":
                # Findings with one fingerprint share an address; nothing else may.
                if value in self.ids and not value.startswith(("f-", "rule-")):
                    self.problems.append(f"id {value} twice")
                self.ids.add(value)
        attrs = dict(attrs)
        if attrs.get("http-equiv") == "Content-Security-Policy":
            self.policy = attrs["content"]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        # HTML lets these close by themselves; in our pages they do not.
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> in {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside in ("style", "script"):
            self.raw[inside] = self.raw.get(inside, "") + data
        else:
            self.text.append(data)

    def handle_comment(self, data):
        self.problems.append(f"a comment: {data}")

    def handle_pi(self, data):
        self.problems.append(f"an instruction: {data}")

    def unknown_decl(self, data):
        self.problems.append(f"a declaration: {data}")


def main():
    for line in sys.stdin:
        reader = Reader()
        reader.feed(json.loads(line))
        reader.close()
        out = reader.problems
        out += [f"{tag} {reader.counts.get(tag)} times" for tag in ONCE if reader.counts.get(tag) != 1]
        out += [f"<{tag}> is never closed" for tag in reader.open]
        for tag in ("style", "script"):
            digest = base64.b64encode(hashlib.sha256(reader.raw.get(tag, "").encode()).digest()).decode()
            if f"{tag}-src 'sha256-{digest}'" not in reader.policy:
                out.append(f"the policy does not name this {tag}")
        if not reader.policy.startswith("default-src 'none';") or "unsafe" in reader.policy:
            out.append(f"policy: {reader.policy}")
        print(json.dumps({"problems": out[:20], "text": "".join(reader.text), "counts": reader.counts}))


main()
