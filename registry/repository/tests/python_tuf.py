"""Reads a repository with python-tuf, the reference client of The Update Framework.

python_tuf.py FOLDER TRUSTED_ROOT STATE [TARGET...]   prints "TARGET SHA256" of what it downloaded and verified.
"""

import hashlib
import pathlib
import sys
import tempfile
from urllib.parse import unquote, urlparse

from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface


class FolderFetcher(FetcherInterface):
    """Serves file:// addresses, as a web server would serve the folder."""

    def _fetch(self, url):
        path = pathlib.Path(unquote(urlparse(url).path))
        if not path.is_file():
            raise DownloadHTTPError(f"no such file: {path}", 404)
        yield path.read_bytes()


def main(folder, trusted_root, state, *targets):
    base = pathlib.Path(folder).resolve().as_uri()
    pathlib.Path(state).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as downloads:
        updater = Updater(
            metadata_dir=state,
            metadata_base_url=f"{base}/metadata/",
            target_dir=downloads,
            target_base_url=f"{base}/targets/",
            fetcher=FolderFetcher(),
            config=UpdaterConfig(),
            bootstrap=pathlib.Path(trusted_root).read_bytes(),
        )
        updater.refresh()
        for target in targets:
            info = updater.get_targetinfo(target)
            if info is None:
                print(target, "none")
                continue
            path = updater.download_target(info)
            print(target, hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest())


if __name__ == "__main__":
    main(*sys.argv[1:])
