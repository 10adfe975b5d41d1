"""The view of images: class cards, all images of a part page by page, and one of them in detail."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.data.parts import OF_SPLIT, PARTS, class_counts
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from fmnist_core.specs import DataSpec
from fmnist_core.specs.data import NUM_IMAGES
from ui import cache, plan, tagging
from ui.components.gallery import show_gallery
from ui.data import choice, facts
from ui.data.detail import detail
from ui.data.gallery import PAGE_SIZE, gallery, gallery_data, take_opened
from ui.format import count
from ui.layout import first_on_a_phone, friendly_errors, stay_in_view
from ui.pager import turn_pages
from ui.segments import choose_segment
from ui.tag_menu import choose_tags, tag_menu

_PANEL, _CARDS, _PAGES, _TAGGED = "data-detail", "data-classes", "data-pages", "data-tagged"


@st.fragment
def images() -> None:
    """Draw the view; a click runs only this part of the page again."""
    with friendly_errors():
        cards = st.container()
        tagged = _controls()  # first, so that another part can be chosen where a split is refused
        with cards:
            _class_cards()
        index = _chosen(tagged)
        if len(index):
            _grid_and_detail(index)
        else:
            st.info("No image is like that. Choose all classes, another part, or no tag.")
    choice.mirror()


def _class_cards() -> None:
    """Draw the most typical image of each class with its counts; a click shows that class."""
    chosen = choice.current()
    best = [facts.most_typical(label) for label in range(NUM_CLASSES)]
    drawn = gallery_data(np.array(best), _counts())
    drawn |= {
        "chosen": None if chosen.label is None else best[chosen.label],
        "name": "Classes, each with its most typical image: a click shows its images",
        "tags": {"words": [], "tagged": {}, "heard": 0},
    }
    show_gallery(
        drawn,
        key=_CARDS,
        on_opened_change=lambda: take_opened(_CARDS, _take_class),
        on_tagged_change=lambda: None,
    )
    first, second = (PARTS[part].lower() for part in _counted())
    st.caption(f"Each class by its most typical image, with its images: {first} + {second}.")


def _counted() -> tuple[str, str]:
    """Name the two parts whose images are counted."""
    return OF_SPLIT if choice.current().part in OF_SPLIT else ("train-file", "test-file")


def _counts() -> list[str]:
    """Write how many images of each class these two parts hold."""
    labels = cache.data_set().labels
    pairs = [class_counts(labels[facts.indices_of(part, _spec())]) for part in _counted()]
    return [f"{first:,} + {second:,}" for first, second in zip(*pairs, strict=True)]


def _take_class(image: int) -> None:
    """Show the class of a card, or all classes again where it was shown already."""
    label = int(cache.data_set().labels[image])
    choice.choose_images(label=None if choice.current().label == label else label)


def _controls() -> tuple[str, ...]:
    """Draw which part is shown and which tags; return the tags."""
    choose_segment(
        "Part",
        PARTS,
        chosen=choice.current().part,
        on_choose=lambda part: choice.choose_images(part=part, label=choice.current().label),
        key="data-part",
        show_label=True,
        help="Training and validation as the set-up has it; the counts on the cards follow.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tagged = choose_tags(key=_TAGGED, on_change=lambda: choice.change(page=1, image=None))
        tag_menu()
        if choice.current().label is not None:
            st.button(
                "All classes",
                key="data-all-classes",
                icon=":material/close:",
                on_click=choice.choose_images,
            )
    return tagged


def _chosen(tagged: tuple[str, ...]) -> np.ndarray:
    """Return the images of the chosen part, class and tags, ascending."""
    chosen = choice.current()
    index = facts.indices_of(chosen.part, _spec())
    if chosen.label is not None:
        index = index[cache.data_set().labels[index] == chosen.label]
    if tagged:
        index = index[np.isin(index, tagging.current_tags().images_of(*tagged))]
    return index


def _spec() -> DataSpec:
    """Return the split of the plan where a part of it is shown; a plan may be at odds."""
    in_split = choice.current().part in OF_SPLIT
    return DataSpec(**plan.values("data")) if in_split else DataSpec()


def _grid_and_detail(index: np.ndarray) -> None:
    """Draw one page of images, and the one that is chosen beside it."""
    image = _shown(index)
    left, right = st.columns([5, 6], gap="medium")
    with right, st.container(key=_PANEL):
        detail(image, index)
    stay_in_view(_PANEL)
    first_on_a_phone(_PANEL)
    with left:
        page = _page(index)
        st.caption(_extent(len(page), len(index)))
        gallery(page, name="Images of the data set", key="data-gallery", chosen=image)


def _shown(index: np.ndarray) -> int:
    """Return the image in detail: the chosen one, else the first of the page in view."""
    chosen = choice.current()
    if chosen.image is not None:
        return chosen.image
    return int(index[min(PAGE_SIZE * (chosen.page - 1), len(index) - 1)])


def _page(index: np.ndarray) -> np.ndarray:
    """Draw the pages, and return the images on the one in view."""
    pages = -(-len(index) // PAGE_SIZE)
    page = min(choice.current().page, pages)
    turn_pages(pages, page, lambda turned: choice.change(page=turned, image=None), key=_PAGES)
    return index[PAGE_SIZE * (page - 1) : PAGE_SIZE * page]


def _extent(shown: int, found: int) -> str:
    chosen = choice.current()
    of = "" if chosen.label is None else f" of class {CLASS_NAMES[chosen.label]}"
    part = "" if chosen.part == "all" else f" in {PARTS[chosen.part].lower()}"
    share = "" if found == NUM_IMAGES else f", of {NUM_IMAGES:,} in all"
    return (
        f"{shown:,} of {count(found, 'image')}{of}{part}{share}. Arrow keys move, Enter opens, "
        "1 to 9 tag."
    )
