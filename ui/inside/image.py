"""Choosing the image that the network looks at, and what it makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.exceptions import StoreError
from fmnist_core.export.png import enlarged
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from fmnist_core.specs.data import NUM_IMAGES, NUM_TRAIN_FILE
from ui import cache, tagging
from ui.format import count, escape, percent
from ui.inference import ask
from ui.inside import choice

_INDEX, _CLASS = "inside-index", "inside-class"
_TAGGED = "inside-tagged"
_ANY = "Any class"
PIN = "pinned"  # a tag like others: the Errors page shows and filters by it too
SIZE = 168  # pixels: six for one of the image's
TOP = 3  # classes


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """What is looked into.

    Attributes:
        run: Whose network.
        index: Of the image, into the 70,000 pooled images; None for somebody's own picture.
        image: uint8 (28, 28).
        label: The true class; None where nobody has said it.
        title: What it is called, in markdown.
        proba: What the network makes of it, float32 (10,).
    """

    run: Run
    index: int | None
    image: np.ndarray
    label: int | None
    title: str
    proba: np.ndarray

    @property
    def predicted(self) -> int:
        """The most likely class."""
        return int(self.proba.argmax())

    @property
    def about(self) -> int:
        """The class that views are about at first: the true one, or what it is taken for."""
        return self.predicted if self.label is None else self.label


def choose_image(run: Run) -> Subject:
    """Let the person choose an image, draw it, and say what the network makes of it.

    Raises:
        InferenceError: The network could not be asked.
    """
    if choice.current().image is None and choice.current().own is None:
        choice.change(image=_mistake(run) or NUM_TRAIN_FILE)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _controls(run)
    index, label, title = choice.current().image, None, ""
    if own := choice.current().own:
        index, image, title = None, own.pixels, f"Your picture: {escape(own.name, 40)}"
    else:
        data = cache.data_set()
        index = index or 0
        image, label = data.images[index], int(data.labels[index])
        title = image_title(index, label)
    proba = ask("classify", run, {"images": image[np.newaxis]}).arrays["proba"][0]
    return Subject(run=run, index=index, image=image, label=label, title=title, proba=proba)


def image_title(index: int, label: int) -> str:
    """Name an image of the data set."""
    return f"Image {index:,}: {CLASS_NAMES[label]}"


def draw_image(subject: Subject) -> None:
    """Draw the image and the likeliest classes: below it, or on a phone beside it."""
    large = enlarged(subject.image, SIZE // 28)
    with st.container(horizontal=True):
        st.image(large, width=SIZE, caption=subject.title, alt=subject.title)
        with st.container(width=SIZE):
            _draw_classes(subject)
    if subject.index is None:
        st.button(
            "Back to the data set",
            key="inside-own-away",
            icon=":material/undo:",
            on_click=lambda: choice.change(own=None),
        )
    else:
        _pin(subject.index)


def _draw_classes(subject: Subject) -> None:
    taken = f"taken for {CLASS_NAMES[subject.predicted]}"
    if subject.label is None:
        st.markdown(f"T{taken[1:]}")
    elif subject.predicted == subject.label:
        st.markdown(":green[✓ predicted rightly]")
    else:
        st.markdown(f":red[✗ {taken}]")
    for label in np.argsort(-subject.proba, kind="stable")[:TOP]:
        share = float(subject.proba[label])
        st.progress(share, text=f"{CLASS_NAMES[label]}: {percent(share, 1)}")


def _controls(run: Run) -> None:
    st.session_state[_INDEX] = choice.current().image
    with st.container(width=150):
        st.number_input(
            "Image",
            0,
            NUM_IMAGES - 1,
            key=_INDEX,
            help="0 to 59999 are the training file, the rest is the test file.",
            on_change=lambda: choice.change(image=st.session_state[_INDEX]),
        )
    with st.container(width=170):
        st.selectbox("Class", (_ANY, *CLASS_NAMES), key=_CLASS, persist_state="session")
    st.button("Random test image", icon=":material/casino:", key="inside-random", on_click=_random)
    st.button(
        "A mistake",
        icon=":material/error:",
        key="inside-mistake",
        on_click=_take_mistake,
        args=(run,),
        help="Another validation image that this network gets wrong.",
    )
    _choose_tagged()


def _choose_tagged() -> None:
    """Let the person choose an image that bears a tag, if any does."""
    tags, labels = tagging.current_tags(), cache.data_set().labels
    if not tags.tagged:
        return
    chosen = choice.current().image
    st.session_state[_TAGGED] = chosen if chosen in tags.tagged else None
    with st.container(width=280):
        st.selectbox(
            "Tagged",
            tags.tagged,
            format_func=lambda image: (
                f"{image:,}: {CLASS_NAMES[labels[image]]} · {', '.join(tags.words_of(image))}"
            ),
            key=_TAGGED,
            placeholder=count(len(tags.tagged), "image"),
            on_change=lambda: choice.change(image=st.session_state[_TAGGED]),
        )


def _pin(image: int) -> None:
    """Let the person pin the image, so that it is found again, or unpin it."""
    tagging.say_problem()
    pinned = PIN in tagging.current_tags().words_of(image)
    st.button(
        "Unpin" if pinned else "Pin",
        key="inside-pin",
        icon=":material/keep_off:" if pinned else ":material/keep:",
        on_click=_toggle_pin,
        args=(image, not pinned),
        help=f"A pinned image bears the tag “{PIN}”; it can be chosen above for any run.",
    )


def _toggle_pin(image: int, on: bool) -> None:
    if on:
        tagging.apply(lambda tags: tags.with_tag([image], PIN))
    else:
        tagging.apply(lambda tags: tags.without_tag([image], PIN))


def _random() -> None:
    """Choose a test image of the wanted class."""
    labels = cache.data_set().labels
    wanted = _wanted()
    places = np.arange(NUM_TRAIN_FILE, NUM_IMAGES)
    if wanted is not None:
        places = places[labels[places] == wanted]
    choice.change(image=int(np.random.default_rng().choice(places)))


def _take_mistake(run: Run) -> None:
    found = _mistake(run, _wanted())
    if found is None:
        st.toast("This run has no such mistake, or no predictions yet.")
    else:
        choice.change(image=found)


def _wanted() -> int | None:
    name = st.session_state.get(_CLASS, _ANY)
    return CLASS_NAMES.index(name) if name in CLASS_NAMES else None


def _mistake(run: Run, label: int | None = None) -> int | None:
    """Return a validation image that the run gets wrong; None where there is none."""
    try:
        found = cache.predictions_of(run, "validation")
    except StoreError:  # a run that has not ended can be looked into too
        return None
    wrong = found.wrong if label is None else found.wrong & (found.y_true == label)
    index = found.index[wrong]
    return int(np.random.default_rng().choice(index)) if len(index) else None
