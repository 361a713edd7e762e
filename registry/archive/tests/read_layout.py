"""Reads a package or a bundle with nothing but Python's own library, and prints what is in it as JSON.

Usage: python3 read_layout.py FILE

It shares no code and no types with what wrote the file: what it asserts, it asserts from the OCI image specification, from the
layout of WebAssembly artifacts, from in-toto and DSSE, and from the manual of sha256sum.
"""

import base64
import hashlib
import json
import sys
import tarfile


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def main(path):
    members = {}
    with tarfile.open(path, "r:*") as tar:
        for entry in tar:
            assert entry.isreg(), entry.name
            assert (entry.mtime, entry.uid, entry.gid, entry.mode) == (0, 0, 0, 0o644), entry.name
            assert (entry.uname, entry.gname, entry.pax_headers) == ("", "", {}), entry.name
            assert entry.name not in members, entry.name
            members[entry.name] = tar.extractfile(entry).read()
    assert list(members) == sorted(members)

    assert json.loads(members["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    index = json.loads(members["index.json"])
    assert index["schemaVersion"] == 2
    assert index["mediaType"] == "application/vnd.oci.image.index.v1+json"

    def blob(descriptor):
        algorithm, digest = descriptor["digest"].split(":")
        data = members[f"blobs/{algorithm}/{digest}"]
        assert (hashlib.new(algorithm, data).hexdigest(), len(data)) == (digest, descriptor["size"])
        return data

    components, statements = {}, {}
    for listed in index["manifests"]:
        assert listed["mediaType"] == "application/vnd.oci.image.manifest.v1+json"
        manifest = json.loads(blob(listed))
        assert manifest["schemaVersion"] == 2 and manifest["mediaType"] == listed["mediaType"]
        config, [layer] = blob(manifest["config"]), manifest["layers"]
        if "subject" in manifest:
            assert listed["artifactType"] == manifest["artifactType"] == "application/vnd.in-toto+json"
            assert manifest["config"]["mediaType"] == "application/vnd.oci.empty.v1+json"
            assert config == b"{}"
            assert layer["mediaType"] == "application/vnd.dsse.envelope.v1+json"
            assert json.loads(blob(manifest["subject"]))
            statements[manifest["subject"]["digest"]] = blob(layer)
        else:
            assert manifest["config"]["mediaType"] == "application/vnd.wasm.config.v0+json"
            assert layer["mediaType"] == "application/wasm"
            config = json.loads(config)
            assert (config["architecture"], config["os"]) == ("wasm", "wasip2")
            assert config["layerDigests"] == [layer["digest"]]
            components[listed["digest"]] = (listed["annotations"], blob(layer), config["component"])

    found = {}
    for digest, (annotations, component, shape) in components.items():
        envelope = statements.pop(digest)
        payload = json.loads(base64.b64decode(json.loads(envelope)["payload"]))
        assert payload["subject"][0]["digest"]["sha256"] == sha256(component)
        name = f"{payload['predicate']['id']}:{payload['predicate']['version']}"
        assert annotations["org.opencontainers.image.ref.name"] == name
        found[name] = {"component": sha256(component), "statement": sha256(envelope), "shape": shape}
    assert not statements

    if "SHA256SUMS" in members:
        listed = dict(line.split("  ")[::-1] for line in members["SHA256SUMS"].decode().splitlines())
        there = {n: sha256(data) for n, data in members.items() if n not in ("SHA256SUMS", "SHA256SUMS.sig")}
        assert listed == there
        described = json.loads(members["bundle.json"])["components"]
        assert {f"{c['id']}:{c['version']}": (c["sha256"], c["statement"]) for c in described} == {
            name: (it["component"], it["statement"]) for name, it in found.items()
        }
    print(json.dumps(found))


main(sys.argv[1])
