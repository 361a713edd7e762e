"""An independent client of registries: what the specifications say, and nothing of ours.

    artifact.py read URL REPOSITORY TAG    prints JSON: digest, component, statements (both in hexadecimal)
    artifact.py write URL REPOSITORY TAG   publishes the component on its standard input as `wkg` does; prints its digest
    artifact.py get-index URL REPOSITORY TAG   prints the index there
    artifact.py put-index URL REPOSITORY TAG   puts the index on its standard input there
"""

import hashlib
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def ask(method, path, body=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(urllib.parse.urljoin(URL, path), data=body, method=method, headers=headers)
    with urllib.request.urlopen(request) as response:
        return response.read(), response.headers


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def blob(descriptor):
    data, _ = ask("GET", f"blobs/{descriptor['digest']}")
    assert digest(data) == descriptor["digest"] and len(data) == descriptor["size"], descriptor
    return data


def read(tag):
    data, headers = ask("GET", f"manifests/{tag}", Accept=MANIFEST)
    assert headers["Content-Type"] == MANIFEST, headers["Content-Type"]
    manifest = json.loads(data)
    assert manifest["config"]["mediaType"] == "application/vnd.wasm.config.v0+json"
    config = json.loads(blob(manifest["config"]))
    (layer,) = manifest["layers"]
    assert layer["mediaType"] == "application/wasm"
    assert (config["architecture"], config["layerDigests"]) == ("wasm", [layer["digest"]]), config
    component = blob(layer)
    statements = []
    try:
        index, headers = ask("GET", f"manifests/{digest(data).replace(':', '-')}", Accept=INDEX)
        assert headers["Content-Type"] == INDEX, headers["Content-Type"]
        entries = json.loads(index)["manifests"]
    except urllib.error.HTTPError as error:
        assert error.code == 404, error
        entries = []
    for entry in entries:
        one, _ = ask("GET", f"manifests/{entry['digest']}", Accept=MANIFEST)
        assert digest(one) == entry["digest"] and len(one) == entry["size"], entry
        one = json.loads(one)
        assert one["subject"]["digest"] == digest(data), one
        assert one["artifactType"] == entry["artifactType"] == "application/vnd.in-toto+json", one
        statements.append(blob(one["layers"][0]).hex())
    print(json.dumps({"digest": digest(data), "component": component.hex(), "statements": statements}))


def put_blob(data):
    _, headers = ask("POST", "blobs/uploads/", body=b"")
    location = headers["Location"]
    location += ("&" if "?" in location else "?") + urllib.parse.urlencode({"digest": digest(data)})
    ask("PUT", location, data, Content_Type="application/octet-stream")


def write(tag, component):
    config = json.dumps({
        "created": "2025-01-01T00:00:00.000000000Z", "author": None, "architecture": "wasm", "os": "wasip2",
        "layerDigests": [digest(component)], "component": {"exports": [], "imports": [], "target": None},
    }).encode()
    descriptor = lambda kind, data: {"mediaType": kind, "digest": digest(data), "size": len(data)}
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor("application/vnd.wasm.config.v0+json", config),
        "layers": [descriptor("application/wasm", component)],
    }).encode()
    put_blob(config)
    put_blob(component)
    ask("PUT", f"manifests/{tag}", manifest, Content_Type=MANIFEST)
    print(digest(manifest))


URL = f"{sys.argv[2]}/v2/{sys.argv[3]}/"
if sys.argv[1] == "read":
    read(sys.argv[4])
elif sys.argv[1] == "get-index":
    print(ask("GET", f"manifests/{sys.argv[4]}", Accept=INDEX)[0].decode())
elif sys.argv[1] == "put-index":
    ask("PUT", f"manifests/{sys.argv[4]}", sys.stdin.buffer.read(), Content_Type=INDEX)
else:
    write(sys.argv[4], sys.stdin.buffer.read())
