"""Checks JUnit XML against junit-10.xsd: `check.py SCHEMA < documents`, one JSON string a line; prints one JSON line each.

Python has no XSD validator, so this reads the few constructs that the schema uses: elements by name and by reference,
`mixed` content, attributes and whether they are required, and the one pattern. Order is not checked, because every
content model that occurs in our documents allows any.
"""

import json
import re
import sys
import xml.etree.ElementTree as ET

XS = "{http://www.w3.org/2001/XMLSchema}"


def read(path):
    root = ET.parse(path).getroot()
    patterns = {
        simple.get("name"): simple.find(f".//{XS}pattern").get("value") for simple in root.findall(f"{XS}simpleType")
    }
    elements = {}
    for element in root.findall(f"{XS}element"):
        kind = element.find(f"{XS}complexType")
        if kind is None:
            elements[element.get("name")] = {"children": set(), "text": True, "attributes": {}, "required": set()}
            continue
        attributes = kind.findall(f"{XS}attribute")
        elements[element.get("name")] = {
            "children": {child.get("ref") for child in kind.iter(f"{XS}element")},
            "text": kind.get("mixed") == "true",
            "attributes": {a.get("name"): patterns.get(a.get("type")) for a in attributes},
            "required": {a.get("name") for a in attributes if a.get("use") == "required"},
        }
    return elements


def problems(node, elements):
    known = elements.get(node.tag)
    if known is None:
        return [f"<{node.tag}> is not known"]
    out = []
    out += [f"<{node.tag}> lacks {name}" for name in known["required"] - set(node.attrib)]
    for name, value in node.attrib.items():
        if name not in known["attributes"]:
            out.append(f"<{node.tag}> has {name}")
        elif known["attributes"][name] and not re.fullmatch(known["attributes"][name], value):
            out.append(f"{name}={value!r}")
    texts = [node.text] + [child.tail for child in node]
    if not known["text"] and any(text and text.strip() for text in texts):
        out.append(f"<{node.tag}> has text")
    for child in node:
        if child.tag not in known["children"]:
            out.append(f"<{node.tag}> has <{child.tag}>")
        out += problems(child, elements)
    return out


def shown(node):
    return {"tag": node.tag, "text": node.text or "", **node.attrib, "children": [shown(child) for child in node]}


def main():
    elements = read(sys.argv[1])
    for line in sys.stdin:
        try:
            root = ET.fromstring(json.loads(line).encode())
        except ET.ParseError as error:
            print(json.dumps({"problems": [f"not XML: {error}"]}))
            continue
        print(json.dumps({"problems": problems(root, elements), "root": shown(root)}))


main()
