"""The world of the final project: one coloured shape on a plain background, and its captions.

Everything random is drawn from the generator that you pass in, so the same generator gives the
same pictures on every machine. `training_set(side)` is the data that you train on: no scene in it
has a colour-shape pair of HELD_OUT, and the tests ask for those pairs.

    images, captions, scenes = training_set(16)     # uint8 [12096, 16, 16, 3], list[str], list[Scene]
"""


from itertools import product
from typing import NamedTuple
import numpy as np
COLOURS = {
    "red": (225, 30, 30),
    "orange": (245, 135, 20),
    "yellow": (240, 225, 30),
    "green": (35, 165, 45),
    "cyan": (30, 205, 215),
    "blue": (40, 60, 225),
    "purple": (165, 45, 200),
}


SHAPES = ("circle", "square", "triangle", "cross", "diamond")


SIZES = ("small", "large")


POSITIONS = ("top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right")


TEMPLATES = (
    "a {size} {colour} {shape} at the {position}",
    "there is a {size} {colour} {shape} at the {position}",
    "the {position} shows a {size} {colour} {shape}",
)


VOCABULARY = tuple(sorted({word for line in (*TEMPLATES, *COLOURS, *SHAPES, *SIZES, *POSITIONS)
                           for word in line.split() if "{" not in word}))


HELD_OUT = frozenset({("red", "triangle"), ("orange", "circle"), ("yellow", "cross"), ("green", "diamond"),
                      ("cyan", "square"), ("blue", "circle"), ("purple", "triangle")})


CELLS = (0.28, 0.5, 0.72)                                  # centres of the 3 x 3 positions, in image sides


RADII = {"small": (0.165, 0.19), "large": (0.26, 0.29)}    # in image sides


JITTER = 0.03                                              # of the centre, each way, in image sides


SHADES = (0.8, 1.0)                                        # factor on the colour


BACKGROUNDS = (0.08, 0.92)                                 # a grey level, the same everywhere


class Scene(NamedTuple):
    """What a caption says. Everything else (see `Looks`) is left to chance."""

    colour: str
    shape: str
    size: str
    position: str


class Looks(NamedTuple):
    """What a caption does not say, each of shape [N]: offsets and radius in image sides."""

    dx: np.ndarray
    dy: np.ndarray
    radius: np.ndarray
    shade: np.ndarray
    background: np.ndarray


ALL_SCENES = tuple(Scene(*words) for words in product(COLOURS, SHAPES, SIZES, POSITIONS))


SEEN_SCENES = tuple(scene for scene in ALL_SCENES if (scene.colour, scene.shape) not in HELD_OUT)


UNSEEN_SCENES = tuple(scene for scene in ALL_SCENES if (scene.colour, scene.shape) in HELD_OUT)


def captions_of(scene):
    """The three captions of a scene, in the order of TEMPLATES."""
    return [template.format(**scene._asdict()) for template in TEMPLATES]


def sample_looks(rng, scenes):
    """Draws what the captions of `scenes` leave open. rng: numpy.random.Generator."""
    low, high = np.array([RADII[scene.size] for scene in scenes]).reshape(-1, 2).T
    n = len(scenes)
    return Looks(rng.uniform(-JITTER, JITTER, n), rng.uniform(-JITTER, JITTER, n), rng.uniform(low, high),
                 rng.uniform(*SHADES, n), rng.uniform(*BACKGROUNDS, n))


def centre_of(position):
    """(x, y) of a position's centre, in image sides; y grows downwards."""
    row, column = divmod(POSITIONS.index(position), 3)
    return CELLS[column], CELLS[row]


def distance(shape, x, y, r):
    """Signed distance in pixels from (x, y) to the outline of a shape of radius r around the origin."""
    ax, ay = np.abs(x), np.abs(y)
    if shape == "circle":
        return np.hypot(x, y) - r
    if shape == "square":
        return np.maximum(ax, ay) - 0.86 * r
    if shape == "diamond":
        return (ax + ay - 1.22 * r) * np.sqrt(0.5)
    if shape == "triangle":          # apex up, base down
        slope = np.sqrt(0.8)
        return np.maximum(y - 0.8 * r, (2 * ax - y - 1.05 * r) * slope * 0.5)
    bar = 0.36 * r
    return np.minimum(np.maximum(ax - 1.05 * r, ay - bar), np.maximum(ax - bar, ay - 1.05 * r))


def coverage(shape, cx, cy, radius, side):
    """How much of each pixel the shapes cover, float [N, side, side]; cx, cy, radius [N] in image sides."""
    centres = np.arange(side) + 0.5
    x = centres[None, None, :] - (np.asarray(cx) * side)[:, None, None]
    y = centres[None, :, None] - (np.asarray(cy) * side)[:, None, None]
    r = (np.asarray(radius) * side)[:, None, None]
    return np.clip(0.5 - distance(shape, x, y, r), 0.0, 1.0)


def render(scenes, looks, side):
    """Pictures of `scenes` with the given looks: uint8 [N, side, side, 3]."""
    images = np.empty((len(scenes), side, side, 3), np.uint8)
    centre = np.array([centre_of(scene.position) for scene in scenes]).reshape(-1, 2)
    colour = np.array([COLOURS[scene.colour] for scene in scenes]).reshape(-1, 3) * looks.shade[:, None]
    for shape in SHAPES:
        mine = np.array([i for i, scene in enumerate(scenes) if scene.shape == shape], int)
        for part in np.array_split(mine, max(1, len(mine) // 1024)):
            cover = coverage(shape, centre[part, 0] + looks.dx[part], centre[part, 1] + looks.dy[part],
                             looks.radius[part], side)[..., None]
            grey = 255 * looks.background[part, None, None, None]
            images[part] = np.rint(cover * colour[part, None, None, :] + (1 - cover) * grey)
    return images


def draw(rng, scenes, side):
    """Fresh pictures of `scenes`: uint8 [N, side, side, 3]."""
    return render(scenes, sample_looks(rng, scenes), side)


