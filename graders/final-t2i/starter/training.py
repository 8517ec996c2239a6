"""A training loop to begin with: python training.py --side 16 --epochs 1

It trains a decoder without any noise, so that you see data, loss, loop and checkpoint work. It is no solution:
one vector per prompt gives one blurred picture per prompt, whatever the seed.
"""

import argparse

import numpy as np
import torch
from torch import nn

from shapes import VOCABULARY, training_set

INDEX = {word: i for i, word in enumerate(VOCABULARY)}


def bag_of_words(captions):
    """Captions as float [N, len(VOCABULARY)]: how often each word stands in them."""
    bags = torch.zeros(len(captions), len(VOCABULARY))
    for row, caption in zip(bags, captions):
        for word in caption.split():
            row[INDEX[word]] += 1
    return bags


def save(path, tensors):
    """Writes a dict of tensors as npz."""
    np.savez(path, **{name: tensor.detach().cpu().numpy() for name, tensor in tensors.items()})


def read(path):
    """The dict of tensors in an npz; never with pickled objects."""
    with np.load(path, allow_pickle=False) as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays.files}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=16, choices=(16, 32))
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    choice = parser.parse_args()
    torch.manual_seed(0)
    pictures, captions, _scenes = training_set(choice.side)
    targets = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255      # [N, 3, S, S], 0 to 1
    words = bag_of_words(captions)
    decoder = nn.Sequential(nn.Linear(len(VOCABULARY), 64), nn.ReLU(), nn.Linear(64, 3 * choice.side ** 2), nn.Sigmoid())
    decoder.to(choice.device)
    optimiser = torch.optim.Adam(decoder.parameters(), lr=2e-3)
    for epoch in range(choice.epochs):
        total = 0.0
        for rows in torch.randperm(len(words)).split(128):
            # TODO: noise, a better decoder, and a captioner.
            guess = decoder(words[rows].to(choice.device)).view(-1, 3, choice.side, choice.side)
            loss = nn.functional.mse_loss(guess, targets[rows].to(choice.device))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item() * len(rows)
        print(f"epoch {epoch}: mean squared error {total / len(words):.4f}", flush=True)
    save(f"checkpoint-{choice.side}.npz", decoder.state_dict())


if __name__ == "__main__":
    main()
