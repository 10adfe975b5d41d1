"""The four files: found in order, the same bytes from any source, each fault called by its name."""

from __future__ import annotations

import errno
import gzip
import os
import socket
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.data import download, files, folders
from fmnist_core.data.files import FashionMnist, load
from fmnist_core.data.folders import find_file, find_folders
from fmnist_core.data.idx import (
    IDX_FILES,
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_LABELS,
    IdxFile,
    read_idx,
)
from fmnist_core.exceptions import DataError

REAL = next(iter(find_folders()), None)  # where this machine has the data set
pytestmark = pytest.mark.skipif(REAL is None, reason="needs the data set: make data")

# Digits 0 to 9 in MNIST's own label files: 60,000 and 10,000 together.
MNIST_TRAIN = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
MNIST_TEST = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]

WHAT_TO_DO = (
    ": put the four files of Fashion-MNIST there, "
    "or unset FMNIST_DATA_DIR to have them found or downloaded."
)
WAYS_OUT = (
    ": run `apt-get install dataset-fashion-mnist`, or set FMNIST_DATA_DIR to a folder "
    "with its four files, or start once with an internet connection."
)


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch) -> Path:
    """A machine without the data set, without a host to ask, and without this one's settings."""
    with socket.socket() as closed:  # nobody listens on its port once it is closed
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setattr(download, "BASE_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/")
    monkeypatch.setattr(folders, "DEBIAN_FOLDER", tmp_path / "debian")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("FMNIST_DATA_DIR", raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def data() -> FashionMnist:
    """The real data set, loaded before `machine` hides it."""
    return load()


class Host(SimpleHTTPRequestHandler):
    """Serves a folder; breaks off in the middle of the files named in the server's `broken`."""

    def do_GET(self) -> None:
        content = Path(self.translate_path(self.path)).read_bytes()
        self.server.asked.append(self.path.lstrip("/"))
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        broken = self.path.lstrip("/") in self.server.broken
        self.wfile.write(content[: len(content) // 2] if broken else content)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def host(tmp_path, monkeypatch) -> Iterator[ThreadingHTTPServer]:
    """A download host with the four files; `folder`, `broken` and `asked` are the test's."""
    folder = fill(tmp_path / "host")
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *args: Host(*args, directory=str(folder)))
    server.folder, server.broken, server.asked = folder, set(), []
    monkeypatch.setattr(download, "BASE_URL", f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def fill(folder: Path) -> Path:
    """Make a folder with copies of the four packed files, for the test to damage."""
    folder.mkdir(parents=True)
    for file in IDX_FILES:
        (folder / f"{file.name}.gz").write_bytes(packed(file))
    return folder


def packed(file: IdxFile) -> bytes:
    """Read one real file as it is downloaded."""
    path = find_file(REAL, file.name)
    content = path.read_bytes()
    return content if path.suffix == ".gz" else gzip.compress(content, 1)


def write_labels(path: Path, class_counts: list[int]) -> Path:
    """Write a label file with so many labels of each class."""
    labels = np.repeat(np.arange(10, dtype=np.uint8), class_counts)
    path.write_bytes(b"\0\0\x08\x01" + struct.pack(">I", len(labels)) + labels.tobytes())
    return path


def fault(path: Path, expected: IdxFile) -> str:
    """Return what `read_idx` says about a file, after its path."""
    with pytest.raises(DataError) as caught:
        read_idx(path, expected)
    return str(caught.value).removeprefix(f"{path} ")


def load_error() -> str:
    """Return what `load` says where it cannot."""
    with pytest.raises(DataError) as caught:
        load()
    return str(caught.value)


# What is in the files


def test_the_data_set_has_6000_training_and_1000_test_images_of_every_class(data):
    assert data.x_train.shape == (60_000, 28, 28)
    assert data.x_test.shape == (10_000, 28, 28)
    assert np.bincount(data.y_train).tolist() == [6000] * 10
    assert np.bincount(data.y_test).tolist() == [1000] * 10
    assert data.x_train.mean() / 255 == pytest.approx(0.2860, abs=5e-5)
    assert data.x_train.std() / 255 == pytest.approx(0.3530, abs=5e-5)
    assert data.source == REAL


def test_images_and_labels_are_pooled_training_file_first_and_nothing_is_copied(data):
    assert data.images.shape == (70_000, 28, 28)
    assert data.y_train[:4].tolist() == data.labels[:4].tolist() == [9, 0, 0, 3]
    assert data.y_test[:4].tolist() == data.labels[60_000:60_004].tolist() == [9, 2, 1, 1]
    for part in (data.x_train, data.x_test):
        assert part.dtype == np.uint8
        assert np.shares_memory(part, data.images)
    for part in (data.images, data.labels, data.x_train, data.y_train, data.x_test, data.y_test):
        assert not part.flags.writeable


def test_the_checksum_that_runs_record_stays_the_same(data):
    assert data.checksum == "261c923889d1381917c55aa1485c6a035eaf380c6eebea7beae69da9db8238c0"


# One file


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_an_unpacked_file_is_read_like_a_packed_one_whatever_its_name(machine, suffix):
    whole = machine / f"labels{suffix}"
    whole.write_bytes(gzip.decompress(packed(TEST_LABELS)))

    assert read_idx(whole, TEST_LABELS)[:4].tolist() == [9, 2, 1, 1]


def test_a_file_in_several_gzip_members_is_read_as_one(machine):
    content = gzip.decompress(packed(TEST_LABELS))
    path = machine / "labels.gz"
    path.write_bytes(b"".join(map(gzip.compress, (content[:3], content[3:9], content[9:]))))

    assert read_idx(path, TEST_LABELS)[:4].tolist() == [9, 2, 1, 1]


@pytest.mark.parametrize(
    ("expected", "class_counts"), [(TRAIN_LABELS, MNIST_TRAIN), (TEST_LABELS, MNIST_TEST)]
)
def test_mnist_is_known_by_its_labels(machine, expected, class_counts):
    path = write_labels(machine / "labels", class_counts)

    assert fault(path, expected) == (
        "holds the labels of the MNIST digits instead of those of Fashion-MNIST"
    )


def test_other_labels_in_equal_shares_are_known_as_others(machine):
    path = write_labels(machine / "labels", [1000] * 10)

    assert fault(path, TEST_LABELS) == (
        "has the right length but other labels than Fashion-MNIST: "
        "probably those of another look-alike"
    )


def test_other_pixels_of_the_right_shape_are_known_as_a_look_alike(machine):
    path = machine / "images"
    path.write_bytes(TEST_IMAGES.header + bytes(10_000 * 28 * 28))

    assert fault(path, TEST_IMAGES) == (
        "has the right shape but other pixels than Fashion-MNIST: "
        "probably MNIST digits or another look-alike"
    )


def test_images_of_32_by_32_pixels_are_told_by_their_shape(machine):
    path = machine / "images"
    path.write_bytes(b"\0\0\x08\x03" + struct.pack(">3I", 10_000, 32, 32))

    assert fault(path, TEST_IMAGES) == (
        "holds an array of shape (10000, 32, 32) instead of (10000, 28, 28)"
    )


def test_images_in_the_place_of_labels_are_told_by_their_shape(machine):
    path = machine / "labels"
    path.write_bytes(packed(TEST_IMAGES))

    assert fault(path, TEST_LABELS) == (
        "holds an array of shape (10000, 28, 28) instead of (10000,)"
    )


def test_a_web_page_is_no_idx_file(machine):
    path = machine / "labels.gz"
    path.write_bytes(b"<!DOCTYPE html>")

    assert fault(path, TEST_LABELS) == (
        r"is not an IDX file: it begins with b'<!D' instead of b'\x00\x00\x08'"
    )


@pytest.mark.parametrize("size", [0, 3, 8, 5000])
def test_a_file_cut_short_says_how_much_is_there(machine, size):
    path = machine / "labels"
    path.write_bytes(gzip.decompress(packed(TEST_LABELS))[:size])

    assert fault(path, TEST_LABELS) == f"is cut short: it holds {size:,} of 10,008 bytes"


def test_a_packed_file_cut_short_says_how_much_of_it_can_be_unpacked(machine):
    half = packed(TEST_IMAGES)[:2_000_000]
    path = machine / "images.gz"
    path.write_bytes(half)

    there = len(zlib.decompressobj(wbits=31).decompress(half))
    assert fault(path, TEST_IMAGES) == f"is cut short: it holds {there:,} of 7,840,016 bytes"


def test_a_file_that_goes_on_too_long_is_told(machine):
    path = machine / "labels"
    path.write_bytes(gzip.decompress(packed(TEST_LABELS)) + b"\0")

    assert fault(path, TEST_LABELS) == "holds more than the expected 10,008 bytes"


def test_a_packed_file_with_a_damaged_end_cannot_be_unpacked(machine):
    content = bytearray(packed(TEST_LABELS))
    content[-8] ^= 0xFF  # the first byte of gzip's own checksum
    path = machine / "labels.gz"
    path.write_bytes(content)

    assert fault(path, TEST_LABELS) == "is damaged: it cannot be unpacked"


def test_a_file_that_is_gone_says_what_the_system_says(machine):
    assert fault(machine / "gone", TEST_LABELS) == (f"cannot be read ({os.strerror(errno.ENOENT)})")


# Where the files are


def test_debians_folder_comes_before_kerass_and_that_before_our_own(machine):
    keras = fill(machine / "keras" / "datasets" / "fashion-mnist")
    own = fill(machine / "cache" / "fmnist-lab")
    debian = fill(machine / "debian")

    assert find_folders() == [debian, keras, own]


def test_kerass_folder_and_our_own_are_in_the_home_folder_if_nothing_else_is_said(
    machine, monkeypatch
):
    monkeypatch.setenv("HOME", str(machine))
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.delenv("XDG_CACHE_HOME")
    keras = fill(machine / ".keras" / "datasets" / "fashion-mnist")
    own = fill(machine / ".cache" / "fmnist-lab")

    assert find_folders() == [keras, own]


def test_a_folder_that_lacks_a_file_is_passed_over(machine):
    debian = fill(machine / "debian")
    own = fill(machine / "cache" / "fmnist-lab")
    (debian / "t10k-labels-idx1-ubyte.gz").unlink()

    assert find_folders() == [own]


def test_a_damaged_folder_is_passed_over(machine):
    debian = fill(machine / "debian")
    own = fill(machine / "cache" / "fmnist-lab")
    (debian / "train-labels-idx1-ubyte.gz").write_bytes(b"")

    assert load().source == own


def test_the_chosen_folder_is_the_only_one_looked_at(machine, monkeypatch):
    fill(machine / "debian")
    chosen = fill(machine / "chosen")
    monkeypatch.setenv("FMNIST_DATA_DIR", str(chosen))

    assert find_folders() == [chosen]
    assert load().source == chosen


def test_a_chosen_folder_that_is_not_there_is_an_error_even_if_debians_is(machine, monkeypatch):
    fill(machine / "debian")
    monkeypatch.setenv("FMNIST_DATA_DIR", str(machine / "chosen"))

    assert load_error() == (
        f"FMNIST_DATA_DIR is set, but there is no folder {machine}/chosen{WHAT_TO_DO}"
    )


def test_a_chosen_folder_that_lacks_a_file_names_it(machine, monkeypatch):
    chosen = fill(machine / "chosen")
    (chosen / "t10k-images-idx3-ubyte.gz").unlink()
    monkeypatch.setenv("FMNIST_DATA_DIR", str(chosen))

    assert load_error() == (
        f"FMNIST_DATA_DIR is set, but {chosen} holds no t10k-images-idx3-ubyte.gz{WHAT_TO_DO}"
    )


def test_a_chosen_folder_with_mnist_in_it_is_named_as_that(machine, monkeypatch):
    fill(machine / "debian")
    chosen = fill(machine / "chosen")
    (chosen / "train-labels-idx1-ubyte.gz").unlink()
    mnist = write_labels(chosen / "train-labels-idx1-ubyte", MNIST_TRAIN)
    monkeypatch.setenv("FMNIST_DATA_DIR", str(chosen))

    assert load_error() == (
        f"FMNIST_DATA_DIR is set, but {mnist} holds the labels of the MNIST digits "
        f"instead of those of Fashion-MNIST{WHAT_TO_DO}"
    )


def test_no_files_and_no_host_names_three_ways_out():
    refused = f"[Errno {errno.ECONNREFUSED}] {os.strerror(errno.ECONNREFUSED)}"

    assert load_error() == (
        "Fashion-MNIST is not on this machine and could not be downloaded "
        f"({download.BASE_URL}train-labels-idx1-ubyte.gz did not arrive: {refused}){WAYS_OUT}"
    )


def test_damaged_files_and_no_host_names_the_damage_too(machine):
    debian = fill(machine / "debian")
    (debian / "t10k-labels-idx1-ubyte.gz").write_bytes(b"")
    refused = f"[Errno {errno.ECONNREFUSED}] {os.strerror(errno.ECONNREFUSED)}"

    assert load_error() == (
        f"Fashion-MNIST is damaged on this machine ({debian}/t10k-labels-idx1-ubyte.gz "
        "is cut short: it holds 0 of 10,008 bytes) and could not be downloaded "
        f"({download.BASE_URL}train-labels-idx1-ubyte.gz did not arrive: {refused}){WAYS_OUT}"
    )


# Downloads


def test_a_download_fills_our_own_cache_and_tells_its_progress(machine, host):
    reports = {}

    data = load(progress=lambda name, *sizes: reports.update({name: sizes}))

    own = machine / "cache" / "fmnist-lab"
    assert data.source == own
    assert sorted(os.listdir(own)) == sorted(f"{file.name}.gz" for file in IDX_FILES)
    assert reports == {
        f"{file.name}.gz": (len(packed(file)), len(packed(file))) for file in IDX_FILES
    }
    load()
    assert len(host.asked) == 4  # the second time nothing is asked for


def test_a_download_that_breaks_off_leaves_nothing_under_the_files_name(machine, host):
    host.broken = {"t10k-labels-idx1-ubyte.gz"}
    half = packed(TEST_LABELS)
    there = len(zlib.decompressobj(wbits=31).decompress(half[: len(half) // 2]))

    assert load_error() == (
        "Fashion-MNIST is not on this machine and could not be downloaded "
        f"({download.BASE_URL}t10k-labels-idx1-ubyte.gz is cut short: "
        f"it holds {there:,} of 10,008 bytes){WAYS_OUT}"
    )
    assert os.listdir(machine / "cache" / "fmnist-lab") == ["train-labels-idx1-ubyte.gz"]


def test_a_download_goes_on_where_the_last_one_broke_off(host):
    host.broken = {"t10k-labels-idx1-ubyte.gz"}
    load_error()
    host.broken, host.asked = set(), []

    load()

    assert host.asked == [f"{file.name}.gz" for file in IDX_FILES[1:]]


def test_a_login_page_instead_of_the_files_is_named(host):
    (host.folder / "train-labels-idx1-ubyte.gz").write_bytes(b"<html>Please log in")

    assert load_error() == (
        "Fashion-MNIST is not on this machine and could not be downloaded "
        f"({download.BASE_URL}train-labels-idx1-ubyte.gz is not an IDX file: "
        rf"it begins with b'<ht' instead of b'\x00\x00\x08'){WAYS_OUT}"
    )


def test_a_damaged_file_in_our_own_cache_is_fetched_again(machine, host):
    own = fill(machine / "cache" / "fmnist-lab")
    (own / "t10k-labels-idx1-ubyte.gz").write_bytes(b"")

    assert load().source == own
    assert host.asked == ["t10k-labels-idx1-ubyte.gz"]


def test_a_cache_that_cannot_be_written_is_named(machine, host):
    (machine / "cache").write_text("a file where a folder should be")

    assert load_error() == (
        "Fashion-MNIST is not on this machine and could not be downloaded "
        f"({download.BASE_URL}train-labels-idx1-ubyte.gz did not arrive: "
        f"[Errno {errno.ENOTDIR}] {os.strerror(errno.ENOTDIR)}: "
        f"'{machine}/cache/fmnist-lab'){WAYS_OUT}"
    )


# The command


def test_the_command_says_where_the_data_set_is(machine):
    own = fill(machine / "cache" / "fmnist-lab")
    (machine / "debian").mkdir()

    done = subprocess.run(
        [sys.executable, "-m", "fmnist_core.data.files"],
        env={**os.environ, "FMNIST_DATA_DIR": str(own)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == f"Fashion-MNIST: 70,000 images, checked, in {own}\n"
    assert done.stderr == ""
    assert done.returncode == 0


def test_the_command_downloads_what_is_missing_and_draws_a_bar_a_file(machine, host, capsys):
    assert files.main() == 0

    own = machine / "cache" / "fmnist-lab"
    shown = capsys.readouterr()
    assert shown.out == f"Fashion-MNIST: 70,000 images, checked, in {own}\n"
    for file in IDX_FILES:
        assert file.name in shown.err


def test_the_command_shows_a_problem_on_stderr_and_exits_with_1(machine, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(machine / "gone"))

    assert files.main() == 1

    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == (
        f"fmnist: FMNIST_DATA_DIR is set, but there is no folder {machine}/gone{WHAT_TO_DO}\n"
    )
