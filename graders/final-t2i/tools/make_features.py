"""Makes data/features-S.npz: the frozen network behind the Fréchet distance, and the real pictures' statistics.

    python tools/make_features.py --side 16 --out data/features-16.npz

A small convolutional network is trained to tell everything about a picture (the four attributes, and the
five looks), so that its 32 features see what a viewer sees. The numbers are kept; nobody trains it again,
since another network would be another metric. tests/picture_metrics.py computes it in numpy.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from picture_metrics import features  # noqa: E402
from world import ALL_SCENES, COLOURS, POSITIONS, SHAPES, SIZES, render, sample_looks  # noqa: E402

WIDTHS = (3, 24, 32, 48)
FEATURES = 32
KNOWN = (tuple(COLOURS), SHAPES, SIZES, POSITIONS)


def head(outputs):
    return nn.Sequential(nn.Linear(FEATURES, 64), nn.ReLU(), nn.Linear(64, outputs))


class Network(nn.Module):
    def __init__(self, side):
        super().__init__()
        convs, width = [], side
        for layer, (inside, outside) in enumerate(zip(WIDTHS, WIDTHS[1:])):
            stride = 2 if layer or side > 16 else 1
            convs.append(nn.Conv2d(inside, outside, 3, stride, 1))
            width //= stride
        self.convs = nn.ModuleList(convs)
        self.last = nn.Linear(WIDTHS[-1] * width * width, FEATURES)
        self.heads = nn.ModuleList(head(len(words)) for words in KNOWN)
        self.looks = head(5)

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        seen = self.last(x.permute(0, 2, 3, 1).flatten(1))
        return [head(seen) for head in self.heads], self.looks(seen)


def batch(rng, side, n):
    scenes = [ALL_SCENES[i] for i in rng.integers(len(ALL_SCENES), size=n)]
    looks = sample_looks(rng, scenes)
    pictures = torch.from_numpy(render(scenes, looks, side)).permute(0, 3, 1, 2).float() / 255
    labels = [torch.tensor([words.index(scene[k]) for scene in scenes]) for k, words in enumerate(KNOWN)]
    seen = np.stack([looks.dx * 30, looks.dy * 30, looks.radius * 10, looks.shade * 5, looks.background * 3], 1)
    return pictures, labels, torch.from_numpy(seen).float()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=16)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--out", required=True)
    choice = parser.parse_args()
    torch.manual_seed(7)
    torch.set_num_threads(1)
    rng = np.random.Generator(np.random.PCG64(7))
    network = Network(choice.side)
    optimiser = torch.optim.Adam(network.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, choice.steps)
    for step in range(choice.steps):
        pictures, labels, looks = batch(rng, choice.side, 128)
        guesses, guessed_looks = network(pictures)
        loss = sum(F.cross_entropy(g, y) for g, y in zip(guesses, labels)) + F.mse_loss(guessed_looks, looks)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 250 == 0:
            right = [float((g.argmax(1) == y).float().mean()) for g, y in zip(guesses, labels)]
            print(step, round(loss.item(), 3), np.round(right, 3), flush=True)
    kept = {}
    for k, conv in enumerate(network.convs):
        kept[f"w{k}"] = conv.weight.detach().permute(2, 3, 1, 0).numpy().copy()      # [3, 3, in, out]
        kept[f"b{k}"] = conv.bias.detach().numpy()
        kept[f"s{k}"] = np.array(conv.stride[0])
    kept["w_last"], kept["b_last"] = network.last.weight.detach().numpy().T.copy(), network.last.bias.detach().numpy()
    scenes = list(ALL_SCENES) * 16
    seen = features(render(scenes, sample_looks(rng, scenes), choice.side), kept).astype(np.float64)
    kept["scale"] = seen.std(0).astype(np.float32)
    seen /= kept["scale"]
    np.savez(choice.out, **kept, mean=seen.mean(0), covariance=np.cov(seen, rowvar=False))


if __name__ == "__main__":
    main()
