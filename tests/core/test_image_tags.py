"""Tags of images: what may stand in them, their file, and the same as a table."""

import json
import threading

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fmnist_core.exceptions import StoreError, TagError
from fmnist_core.export.tag_list import MAX_BYTES, tags_csv, with_csv
from fmnist_core.runs.image_tags import FILE_NAME, KNOWN, ImageTags, change_tags, read_tags
from fmnist_core.runs.store import RunStore
from tests.strategies import json_values

SAME_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
LABELS = np.arange(70_000) % 10

own_words = st.text("aZ09 ._-", min_size=1, max_size=30).filter(
    lambda word: word[0] in "aZ09" and word[-1] != " "
)


@st.composite
def all_tags(draw):
    own = draw(st.lists(own_words, max_size=5, unique_by=str.casefold))
    tags = ImageTags(own=tuple(own))
    for word in draw(st.lists(st.sampled_from([*KNOWN, *own]))):
        tags = tags.with_tag(draw(st.sets(st.integers(0, 69_999), min_size=1)), word)
    return tags


def refusal(kind, call, *args):
    with pytest.raises(kind) as caught:
        call(*args)
    return str(caught.value)


def test_images_bear_words_and_lose_them():
    tags = ImageTags().with_tag([7, 3], "cropped").with_tag([3], "ambiguous").with_tag([9], "worn")

    assert tags.words == ("ambiguous", "label wrong", "cropped", "unusual", "worn")
    assert tags.words_of(3) == ("ambiguous", "cropped")
    assert tags.images_of("cropped").tolist() == [3, 7]
    assert tags.images_of("cropped", "Worn").tolist() == [3, 7, 9]
    assert tags.tagged == [3, 7, 9]

    fewer = tags.without_tag([3, 1], "Cropped").without_tag([9], "worn")
    assert fewer.images_of("cropped").tolist() == [7]
    assert fewer.words == tags.words  # a word keeps its key when its last image is gone
    assert fewer.without_word("worn").words == KNOWN


def test_a_word_in_another_case_is_the_same_word():
    assert ImageTags().with_tag([1], "CROPPED") == ImageTags().with_tag([1], "cropped")


@pytest.mark.parametrize(
    "word", ["", " a", "a ", "-a", "=a", "a\nb", "a" * 31, "ä", "<b>", None, 7]
)
def test_a_word_that_is_no_tag_is_refused(word):
    sentence = refusal(TagError, lambda: ImageTags(own=(word,)))

    assert sentence.startswith("A tag must be a letter or digit, then at most 29 letters")


@pytest.mark.parametrize("index", [-1, 70_000, True, "3", 3.0, None])
def test_an_image_that_is_not_in_the_data_set_is_refused(index):
    assert refusal(TagError, ImageTags().with_tag, [index], "cropped") == (
        f"Images have numbers from 0 to 69999; you gave {index}."
    )


def test_a_sixth_own_word_is_refused_and_a_borne_one_not_forgotten():
    tags = ImageTags(own=("a", "b", "c", "d", "e")).with_tag([1], "b")

    assert refusal(TagError, tags.with_word, "f") == (
        "There is room for 5 own words, one a key, and these are taken: a, b, c, d, e. Use one of "
        "them, or forget one that no image bears."
    )
    assert refusal(TagError, tags.without_word, "b") == (
        '"b" is still on 1 of the images. Untag them first.'
    )
    assert "only own words can" in refusal(TagError, tags.without_word, "cropped")
    assert refusal(TagError, tags.without_tag, [1], "x") == (
        'No tag is called "x"; there are ambiguous, label wrong, cropped, unusual, a, b, c, d, e.'
    )
    assert tags.without_word("c").with_word("f").own == ("a", "b", "d", "e", "f")


def test_a_store_without_the_file_has_no_tags(tmp_path):
    assert read_tags(tmp_path / "not there") == ImageTags()


@SAME_FOLDER
@given(all_tags())
def test_any_tags_come_back_as_they_were_written(tmp_path, tags):
    change_tags(tmp_path, lambda before: tags)

    assert read_tags(tmp_path) == tags


def test_the_file_is_no_run_and_survives_them_all(tmp_path):
    change_tags(tmp_path / "new", lambda tags: tags.with_tag([5], "worn"))

    assert RunStore(tmp_path / "new").run_ids() == []
    assert read_tags(tmp_path / "new").words_of(5) == ("worn",)


def test_all_who_tag_at_once_succeed(tmp_path):
    def tag(number):
        change_tags(tmp_path, lambda tags: tags.with_tag([number], "cropped"))

    threads = [threading.Thread(target=tag, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_tags(tmp_path).tagged == list(range(8))


@pytest.mark.parametrize(
    "content",
    [
        b'{"format": 1, "own": ["wor',
        b"\x00\xff",
        b"[]",
        b'{"format": 2, "own": [], "images": {}}',
        b'{"format": 1}',
        b'{"format": 1, "own": [7], "images": {}}',
        b'{"format": 1, "own": ["a", "A"], "images": {}}',
        b'{"format": 1, "own": ["a", "b", "c", "d", "e", "f"], "images": {}}',
        b'{"format": 1, "own": [], "images": {"worn": [1]}}',
        b'{"format": 1, "own": [], "images": {"cropped": [70000]}}',
        b'{"format": 1, "own": [], "images": {"cropped": [[1]]}}',
        b'{"format": 1, "own": [], "images": {"cropped": 1}}',
    ],
)
def test_a_damaged_file_is_a_sentence_and_is_never_written_over(tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content)

    sentence = refusal(StoreError, read_tags, tmp_path)
    assert sentence.startswith(".image-tags.json, the tags of images: ")
    assert sentence.endswith(
        "Mend that file or move it away, then try again; the runs are unharmed."
    )
    assert refusal(StoreError, change_tags, tmp_path, lambda tags: ImageTags()) == sentence
    assert (tmp_path / FILE_NAME).read_bytes() == content


@SAME_FOLDER
@given(st.dictionaries(st.sampled_from(["format", "own", "images"]), json_values | st.just(1)))
def test_whatever_json_stands_there_is_tags_or_a_sentence(tmp_path, data):
    (tmp_path / FILE_NAME).write_text(json.dumps(data))
    try:
        assert isinstance(read_tags(tmp_path), ImageTags)
    except StoreError as error:
        assert "Mend that file" in str(error)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    sentence = refusal(StoreError, change_tags, tmp_path / "file", lambda tags: tags)
    assert sentence.startswith("The tags of images could not be written: ")


def test_a_table_names_image_file_and_class():
    tags = ImageTags().with_tag([60_002, 7], "cropped").with_tag([7], "worn out")

    assert tags_csv(tags, LABELS).splitlines() == [
        "index,file,number,label,tags",
        "7,train,7,Sneaker,cropped;worn out",
        "60002,test,2,Pullover,cropped",
    ]


@given(all_tags())
def test_a_table_that_is_read_gives_the_same_tags(tags):
    found = with_csv(ImageTags(), tags_csv(tags, LABELS).encode())

    assert dict(found.images) == dict(tags.images)
    assert with_csv(tags, tags_csv(tags, LABELS).encode()) == tags


def test_a_table_adds_to_what_is_there_and_takes_nothing_away():
    tags = ImageTags().with_tag([1], "cropped")
    found = with_csv(tags, b"\xef\xbb\xbftags,more,index\r\nworn; unusual,x,1\r\n,,2\r\n")

    assert found.words_of(1) == ("cropped", "unusual", "worn")
    assert found.words_of(2) == ()


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (b"", 'The first line must name the columns "index" and "tags".'),
        (b"index,words\n1,a\n", 'The first line must name the columns "index" and "tags".'),
        (b"index,tags\n1,a\n70000,a\n", "Line 3: Images have numbers from 0 to 69999; you gave 7"),
        (b"index,tags\n-1,a\n", "Line 2: Images have numbers"),
        (b"index,tags\n\xd9\xa3,a\n", "Line 2: Images have numbers"),
        (b"index,tags\n1,=a\n", "Line 2: A tag must be"),
        (b"index,tags\n1,a;b;c;d;e\n2,f\n", "Line 3: There is room for 5 own words"),
        (b"index,tags\n1,\xff\n", "A table of tags is a text in UTF-8; this file is none."),
        (b'index,tags\n1,"a\n', "This is no CSV table ("),
        (b"x" * (MAX_BYTES + 1), "A table of tags has at most 8 MB."),
    ],
)
def test_a_damaged_table_is_a_sentence_that_names_the_line(table, sentence):
    assert refusal(TagError, with_csv, ImageTags(), table).startswith(sentence)
