"""Data: what every network here trains on, image by image and as a whole."""

from ui.data import choice
from ui.data.augmentation import augmentation
from ui.data.images import images
from ui.data.pixel_map import pixel_map
from ui.data.setup import setup
from ui.data.statistics import statistics
from ui.data.suspects import suspects
from ui.data.votes import votes
from ui.layout import begin_page, friendly_errors

VIEWS = {
    "images": images,
    "statistics": statistics,
    "map": pixel_map,
    "setup": setup,
    "augmentation": augmentation,
    "suspects": suspects,
    "votes": votes,
}

begin_page("Data", "What every network here trains on: look before you train.")

with friendly_errors():
    VIEWS[choice.choose_view()]()
