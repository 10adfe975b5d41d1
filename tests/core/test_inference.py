"""The process that computes with trained networks, and what happens when it does not."""

import io
import os
import runpy
import shutil
import signal
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from fmnist_core.data.files import load
from fmnist_core.exceptions import InferenceError, RunNotFound, SupersededError
from fmnist_core.inference import call_off
from fmnist_core.inference import client as client_module
from fmnist_core.inference.client import ENDED, LATE, Inference
from fmnist_core.inference.messages import DTYPES, Message, receive, send
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore
from tests.shipped import SHIPPED, TWO_LAYER

values = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text())
found_arrays = st.dictionaries(
    st.text(max_size=5),
    st.sampled_from(DTYPES).flatmap(
        lambda dtype: arrays(dtype, array_shapes(min_dims=0, min_side=0, max_side=4))
    ),
    max_size=3,
)


@given(values, found_arrays)
def test_a_message_arrives_as_it_was_sent(values, arrays):
    pipe = io.BytesIO()
    send(pipe, Message(values, arrays))
    pipe.seek(0)
    found = receive(pipe)

    assert found.values == values
    assert set(found.arrays) == set(arrays)
    for name, array in arrays.items():
        assert found.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(found.arrays[name], array)
    assert receive(pipe) is None


@given(st.data())
def test_a_message_that_breaks_off_is_none(data):
    pipe = io.BytesIO()
    send(pipe, Message({"a": 1}, {"b": np.arange(10, dtype=np.int32)}))
    cut = data.draw(st.integers(0, len(pipe.getvalue()) - 1))

    assert receive(io.BytesIO(pipe.getvalue()[:cut])) is None


@pytest.mark.parametrize(
    "described", (b'["a", "object", [1]]', b'["a", "uint8", [-1]]', b'["a", "uint8", [9999999999]]')
)
def test_arrays_of_a_foreign_type_or_size_are_refused(described):
    with pytest.raises(ValueError, match="an array of"):
        receive(io.BytesIO(b'{"values": {}, "arrays": [' + described + b"]}\n"))


def test_objects_are_not_sent():
    with pytest.raises(ValueError, match="is of type object"):
        send(io.BytesIO(), Message({}, {"a": np.array([object()])}))


@pytest.fixture
def run(tmp_path):
    return RunStore(tmp_path).create(presets.load("small").experiment)


@pytest.fixture
def inference(run, monkeypatch):
    monkeypatch.setattr(client_module, "MODULE", "tests.core.stub_inference")
    found = Inference(run.folder.parent)
    yield found
    found.close()


def test_the_same_question_is_computed_once_until_the_weights_change(inference, run):
    asked = {"images": np.arange(4, dtype=np.uint8)}
    first = inference.ask("double", run.run_id, asked)
    assert first.arrays["images"].tolist() == [0, 2, 4, 6]
    assert inference.ask("double", run.run_id, asked).values["count"] == 1
    assert inference.ask("double", run.run_id, {"images": asked["images"] + 1}).values["count"] == 2
    assert inference.ask("double", run.run_id, asked, of=3).values["count"] == 3

    (run.folder / "model.keras").write_bytes(b"other weights")
    assert inference.ask("double", run.run_id, asked).values["count"] == 4


def test_what_was_asked_for_last_is_kept_up_to_a_size(inference, run, monkeypatch):
    monkeypatch.setattr(client_module, "MAX_CACHED_BYTES", 2_500)
    for number in (1, 2, 3):
        inference.ask("double", run.run_id, {"a": np.full(1_000, number, np.uint8)})

    again = [
        inference.ask("double", run.run_id, {"a": np.full(1_000, number, np.uint8)}).values["count"]
        for number in (3, 2, 1)
    ]
    assert again == [3, 2, 4]


def test_a_problem_is_its_sentence_and_a_bug_names_the_log(inference, run):
    with pytest.raises(InferenceError, match=r"^No such layer\.$"):
        inference.ask("any", run.run_id, problem="No such layer.")
    with pytest.raises(InferenceError) as raised:
        inference.ask("any", run.run_id, bug="KeyError: 'x'")
    assert str(raised.value) == (
        "That could not be computed (KeyError: 'x'). The store's .inference.log says more."
    )


@pytest.mark.parametrize("how", ("die", "torn"))
def test_a_process_that_dies_is_a_sentence_and_is_started_anew(inference, run, how):
    before = inference.ask("any", run.run_id).values["pid"]
    with pytest.raises(InferenceError) as raised:
        inference.ask("any", run.run_id, **{how: True})
    assert str(raised.value) == ENDED

    assert inference.ask("any", run.run_id, again=1).values["pid"] != before


def test_one_that_was_killed_while_idle_is_started_anew(inference, run):
    before = inference.ask("any", run.run_id).values["pid"]
    os.kill(before, signal.SIGKILL)
    time.sleep(0.2)

    assert inference.ask("any", run.run_id, again=1).values["pid"] != before


def test_what_takes_too_long_is_given_up(inference, run):
    inference.ask("any", run.run_id)
    with pytest.raises(InferenceError) as raised:
        inference.ask("any", run.run_id, sleep=30, seconds=0.3)

    assert str(raised.value) == LATE.format(0.3)
    assert inference.ask("any", run.run_id, again=1).values["count"] == 1


def test_of_a_callers_waiting_questions_only_the_newest_is_answered(inference, run):
    inference.ask("any", run.run_id)
    outcomes = {}

    def ask(number, caller, **arguments):
        try:
            outcomes[number] = inference.ask(
                "any", run.run_id, caller=caller, of=number, **arguments
            )
        except SupersededError:
            outcomes[number] = "superseded"

    threads = []
    for number, caller, arguments in (
        (1, "one", {"sleep": 0.6}),
        (2, "one", {}),
        (3, "two", {}),
        (4, "one", {}),
    ):
        threads.append(threading.Thread(target=ask, args=(number, caller), kwargs=arguments))
        threads[-1].start()
        time.sleep(0.1)
    for thread in threads:
        thread.join()

    assert outcomes[2] == "superseded"
    assert all(isinstance(outcomes[number], Message) for number in (1, 3, 4))


class MovedOn(BaseException):
    """What Streamlit raises is no Exception either."""


def leave(*_):
    raise MovedOn


def test_a_question_is_called_off_in_its_middle_and_the_process_goes_on(inference, run):
    before = inference.ask("any", run.run_id).values["pid"]
    with pytest.raises(MovedOn):
        inference.ask("any", run.run_id, sleep=60, pause=leave)

    after = inference.ask("any", run.run_id, again=1, seconds=10).values
    assert (after["pid"], after["count"]) == (before, 3)


def test_what_was_called_off_is_computed_when_it_is_asked_again(inference, run):
    inference.ask("any", run.run_id)
    with pytest.raises(MovedOn):
        inference.ask("any", run.run_id, sleep=0.5, pause=leave)

    assert inference.ask("any", run.run_id, sleep=0.5).values["count"] == 3


def test_who_waits_longer_is_looked_after_and_answered(inference, run):
    looks = []
    inference.ask("any", run.run_id)
    found = inference.ask("any", run.run_id, sleep=0.7, pause=lambda: looks.append(1))

    assert found.values["count"] == 2 and len(looks) >= 2


def test_a_system_without_the_signal_lets_a_question_go_on_to_its_end(inference, run, monkeypatch):
    monkeypatch.delattr(signal, "SIGUSR1")
    found = runpy.run_path(call_off.__file__)  # as Windows imports it
    assert found["CallOff"]().do(lambda: Message({"a": 1})).values == {"a": 1}

    monkeypatch.setattr(client_module, "CALL_OFF", found["CALL_OFF"])
    inference.ask("any", run.run_id)
    with pytest.raises(MovedOn):
        inference.ask("any", run.run_id, sleep=0.5, pause=leave)
    assert inference.ask("any", run.run_id, sleep=0.5).values["count"] == 2  # it was kept


def test_a_question_that_waits_for_its_turn_is_not_even_begun(inference, run):
    inference.ask("any", run.run_id)
    first = threading.Thread(target=inference.ask, args=("any", run.run_id), kwargs={"sleep": 1.0})
    first.start()
    time.sleep(0.2)
    with pytest.raises(MovedOn):
        inference.ask("any", run.run_id, of="another", pause=leave)
    first.join()

    assert inference.ask("any", run.run_id, again=1).values["count"] == 3


def test_a_process_that_starts_is_not_sent_away(inference, run):
    with pytest.raises(MovedOn):
        inference.ask("any", run.run_id, sleep=0.5, pause=leave)

    assert inference.ask("any", run.run_id).values["count"] == 2


def test_a_run_that_does_not_exist_starts_no_process(inference):
    with pytest.raises(RunNotFound):
        inference.ask("any", "20260101-000000-abcdef")
    assert inference._process is None


def test_the_process_ends_with_who_asks(inference, run):
    inference.ask("any", run.run_id)
    process = inference._process
    process.stdin.close()

    assert process.wait(10) == 0


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The real process, over a copy of a shipped run and one whose weights are damaged."""
    root = tmp_path_factory.mktemp("store")
    for run_id in (TWO_LAYER, "20260101-000000-abcdef"):
        shutil.copytree(SHIPPED.root / TWO_LAYER, root / run_id)
    (root / "20260101-000000-abcdef" / "model.keras").write_bytes(b"torn")
    found = Inference(root)
    yield found
    found.close()


def test_images_are_classified_as_the_run_did(real):
    known = SHIPPED.get(TWO_LAYER).predictions
    images = load().images[known["test_index"][:50]]

    found = real.ask("classify", TWO_LAYER, {"images": images})

    assert np.abs(found.arrays["proba"] - known["test_proba"][:50]).max() < 2e-3  # half precision


def test_damaged_weights_are_a_sentence(real):
    with pytest.raises(InferenceError, match="holds no weights of this run"):
        real.ask(
            "classify",
            "20260101-000000-abcdef",
            {"images": np.zeros((1, 28, 28), np.uint8)},
        )


def test_a_real_task_is_called_off_and_done_whole_when_it_is_asked_again(real):
    real.ask("classify", TWO_LAYER, {"images": np.zeros((1, 28, 28), np.uint8)})
    process, known = real._process, len(real._known)
    image = {"image": load().images[60_000]}
    asked = {"layer": "conv2d_1", "off": [0, 5], "images": 2_000}  # a second or two
    with pytest.raises(MovedOn):
        real.ask("surgery", TWO_LAYER, image, pause=leave, **asked)

    found = real.ask("surgery", TWO_LAYER, image, **asked).arrays
    expected = SHIPPED.get(TWO_LAYER).predictions["validation_proba"][:2_000]
    assert np.abs(found["intact"] - expected).max() < 2e-3  # half precision
    assert real._process is process and len(real._known) == known + 1


def test_a_question_of_another_shape_is_a_sentence_and_the_process_goes_on(real):
    with pytest.raises(InferenceError, match="could not be computed"):
        real.ask("classify", TWO_LAYER, {"images": np.zeros((1, 3), np.uint8)})
    found = real.ask("classify", TWO_LAYER, {"images": np.zeros((1, 28, 28), np.uint8)})
    assert found.arrays["proba"].sum() == pytest.approx(1)
