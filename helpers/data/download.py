"""Files from the network: fetched once, checked before use, and kept for the next time."""

import os
from pathlib import Path
from typing import NamedTuple

FOLDER_VARIABLE = "CNN_COURSE_DATA"
TIMEOUT = 20  # seconds in which a server must accept, and then send something


class RemoteFile(NamedTuple):
    """A file that several servers offer. sha256: of what it must hold; size: in bytes."""

    name: str
    size: int
    sha256: str
    urls: tuple


def data_folder():
    """Return the folder in which data sets are kept: CNN_COURSE_DATA, or the user's cache."""
    import pooch

    return Path(os.environ.get(FOLDER_VARIABLE) or pooch.os_cache("cnn-course"))


def fetch(file):
    """Return the path of a `RemoteFile`: the one that was kept, or a new one from the network.

    Every server is tried in turn; a bar shows how far it is. A file with another checksum is never
    used nor kept. Raises OSError, and says what was tried and where to put the file by hand, where
    no server gives the right one or the folder can't be written to.
    """
    import pooch
    from requests import RequestException

    folder, failures = data_folder(), []
    options = {"known_hash": f"sha256:{file.sha256}", "fname": file.name, "path": folder}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for url in file.urls:
            download = pooch.HTTPDownloader(progressbar=True, chunk_size=2**16, timeout=TIMEOUT)
            try:
                return Path(pooch.retrieve(url, downloader=download, **options))
            # pooch says by a ValueError that the checksum is another one.
            except (RequestException, ValueError) as error:
                failures.append(f"  {url}\n    {_reason(error)}")
    except OSError as error:
        raise OSError(
            f"the folder {str(folder)!r} can't be used ({error.strerror or error}): set "
            f"{FOLDER_VARIABLE} to one that you may write to"
        ) from error
    raise OSError(
        f"{file.name} ({file.size:,} bytes) could not be fetched:\n"
        + "\n".join(failures)
        + f"\nPut the file into {str(folder)!r} by hand, or set {FOLDER_VARIABLE} to the folder "
        f"that holds it; its SHA-256 must be {file.sha256}"
    )


def _reason(error):
    if isinstance(error, ValueError) and "hash" in str(error).lower():
        return "what it sent has another checksum"
    return f"{type(error).__name__}: {error}"
