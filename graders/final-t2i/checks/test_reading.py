"""The reader, the picture metrics and the checkpoint's parser do what the sheet says. Run with PYTHONPATH=sandbox/harness."""

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import weights  # noqa: E402
from picture_metrics import frechet_distance, nearest_training, spread  # noqa: E402
from scene_reader import read_images  # noqa: E402
from world import ALL_SCENES, COPIES, HELD_OUT, SEEN_SCENES, draw, training_scenes, training_set  # noqa: E402

FEATURES = np.load(Path(__file__).resolve().parent.parent / "data/features-16.npz")


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.mark.parametrize("side", [16, 32])
def test_every_real_picture_is_read_as_what_it_is(rng, side):
    scenes = list(ALL_SCENES)
    assert read_images(draw(rng, scenes, side)) == scenes


def test_noise_and_plain_pictures_show_nothing(rng):
    noise = rng.integers(0, 256, (50, 16, 16, 3), dtype=np.uint8)
    assert read_images(np.concatenate([noise, np.full((1, 16, 16, 3), 90, np.uint8)])) == [None] * 51


def test_two_shapes_at_once_show_nothing(rng):
    a, b = (draw(np.random.default_rng(1), [scene], 16)[0] for scene in (ALL_SCENES[9], ALL_SCENES[17]))
    both = a.copy()
    both[8:] = b[8:]
    assert read_images(both[None]) == [None]


def test_held_out_pairs_are_not_in_the_training_set():
    assert not HELD_OUT & {(scene.colour, scene.shape) for scene in training_scenes()[0]}
    assert len(training_scenes()[0]) == COPIES * len(SEEN_SCENES) == 12096


def test_training_pictures_are_at_distance_zero_from_themselves():
    pictures, _, scenes = training_set(16)
    assert nearest_training(pictures[48:72], scenes[48]).max() == pytest.approx(0, abs=1e-5)


def test_real_pictures_are_near_and_one_picture_repeated_is_far(rng):
    real = draw(rng, list(ALL_SCENES), 16)
    assert frechet_distance(real, FEATURES) < 0.15 * frechet_distance(np.repeat(real[:1], 630, 0), FEATURES)


def test_what_is_not_valid_adds_no_diversity(rng):
    pictures = draw(rng, [ALL_SCENES[0]] * 4, 16)
    assert spread(pictures, np.ones(4, bool)) > spread(pictures, np.array([True, True, False, False])) > 0
    assert spread(pictures, np.zeros(4, bool)) == 0


def safetensors(**entries):
    header = json.dumps(entries).encode()
    return len(header).to_bytes(8, "little") + header


def test_a_well_formed_file_is_permuted_within_each_tensor(rng):
    numbers = np.arange(12, dtype="<f4")
    head = safetensors(a={"dtype": "F32", "shape": [2, 4], "data_offsets": [0, 32]},
                       b={"dtype": "F32", "shape": [4], "data_offsets": [32, 48]})
    mixed = weights.permuted(head + numbers.tobytes(), "x.safetensors", rng)
    got = np.frombuffer(mixed[len(head):], "<f4")
    assert mixed[:len(head)] == head and not np.array_equal(got, numbers)
    assert sorted(got[:8]) == list(range(8)) and sorted(got[8:]) == list(range(8, 12))


@pytest.mark.parametrize("raw", [
    b"", b"PK\x03\x04", b"\xff" * 64, safetensors(), safetensors(a={"dtype": "F32", "shape": [2], "data_offsets": [0, 9]}) + b"0" * 9,
    safetensors(a={"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}) + b"0" * 8,
    safetensors(a={"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}) + b"0" * 5])
def test_a_lying_header_is_refused(raw):
    with pytest.raises((ValueError, KeyError, TypeError)):
        weights.layout(raw)


def test_an_npz_is_permuted_and_one_with_objects_refused(rng):
    file = io.BytesIO()
    np.savez(file, a=np.arange(50.0))
    mixed = np.load(io.BytesIO(weights.permuted(file.getvalue(), "x.npz", rng)))["a"]
    assert sorted(mixed) == list(range(50)) and not np.array_equal(mixed, np.arange(50.0))
    file = io.BytesIO()
    np.savez(file, a=np.array([{}], dtype=object))
    with pytest.raises(ValueError):
        weights.unpack(file.getvalue())
