"""BLEU, ROUGE-L, CIDEr-D and attribute F1 of captions, in plain Python.

Each follows the COCO caption evaluation (as used by nlg-eval), whose published example is reproduced
to five digits in checks/test_metrics.py. `hypotheses` is a list of strings, `references` a list of
lists of strings; words are what str.split() gives.
"""

from collections import Counter
from math import exp, log, sqrt

from world import COLOURS, SHAPES, SIZES


def ngrams(words, n):
    return Counter(tuple(words[i:i + n]) for i in range(len(words) - n + 1))


def bleu(hypotheses, references, order=4):
    """Corpus BLEU-1 … BLEU-order (Papineni 2002): clipped precisions, closest reference length."""
    correct, guessed, length, reference_length = [0] * order, [0] * order, 0, 0
    for hypothesis, group in zip(hypotheses, references):
        words, others = hypothesis.split(), [reference.split() for reference in group]
        length += len(words)
        reference_length += min((abs(len(other) - len(words)), len(other)) for other in others)[1]
        for n in range(1, order + 1):
            most = Counter()
            for other in others:
                most |= ngrams(other, n)
            correct[n - 1] += (ngrams(words, n) & most).total()
            guessed[n - 1] += max(0, len(words) - n + 1)
    if length == 0:
        return [0.0] * order
    brevity = min(1.0, exp(1 - reference_length / length))
    scores, product = [], 1.0
    for n in range(order):
        product *= correct[n] / guessed[n] if guessed[n] else 0.0
        scores.append(brevity * product ** (1 / (n + 1)))
    return scores


def longest_common_subsequence(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        above_left = 0
        for j, y in enumerate(b, 1):
            above = row[j]
            row[j] = above_left + 1 if x == y else max(above, row[j - 1])
            above_left = above
    return row[-1]


def rouge_l(hypotheses, references, beta=1.2):
    """Mean ROUGE-L (Lin 2004): best precision and best recall over the references, F with beta."""
    total = 0.0
    for hypothesis, group in zip(hypotheses, references):
        words, precision, recall = hypothesis.split(), 0.0, 0.0
        for reference in group:
            other = reference.split()
            common = longest_common_subsequence(words, other)
            precision = max(precision, common / len(words) if words else 0.0)
            recall = max(recall, common / len(other))
        if precision and recall:
            total += (1 + beta ** 2) * precision * recall / (recall + beta ** 2 * precision)
    return total / len(hypotheses)


def cider_d(hypotheses, references, order=4, sigma=6.0):
    """Mean CIDEr-D (Vedantam 2015), 0 to 10; document frequencies come from `references`."""
    counts = [[[ngrams(line.split(), n) for n in range(1, order + 1)] for line in group] for group in references]
    frequency = Counter(gram for group in counts for gram in {g for line in group for table in line for g in table})
    documents = log(len(references))

    def weigh(tables):
        weighted = [{g: k * (documents - log(max(1, frequency[g]))) for g, k in table.items()} for table in tables]
        return weighted, [sqrt(sum(w * w for w in table.values())) for table in weighted]

    total = 0.0
    for hypothesis, group in zip(hypotheses, counts):
        mine = [ngrams(hypothesis.split(), n) for n in range(1, order + 1)]
        weights, norms = weigh(mine)
        similarity = 0.0
        for line in group:
            others, other_norms = weigh(line)
            penalty = exp(-((mine[1].total() - line[1].total()) ** 2) / (2 * sigma ** 2))
            for a, b, na, nb in zip(weights, others, norms, other_norms):
                if na and nb:
                    similarity += penalty * sum(min(w, b[g]) * b[g] for g, w in a.items() if g in b) / (na * nb)
        total += 10 * similarity / order / len(group)
    return total / len(hypotheses)


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
