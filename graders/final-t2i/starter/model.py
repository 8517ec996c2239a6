"""Your submission: load(dir, device), generate(prompts, seed), caption(images). The sheet says what is asked.

This starter loads its checkpoint and answers in the right form, but draws noise and always says the same.
Hand in: model.py, your checkpoint, report.pdf, and the files that model.py imports.
"""

from pathlib import Path

import numpy as np
import torch

from training import read


class Model:
    def __init__(self, side, tensors, device):
        self.side, self.tensors, self.device = side, tensors, device

    def generate(self, prompts, seed):
        """Pictures of the prompts.

        prompts: list of B str, each one of the sheet's three templates. seed: int, 0 <= seed < 2**31.
        Returns numpy uint8 [B, S, S, 3], RGB, 0 to 255.
        Picture i depends on prompts[i], seed and i alone: not on the other prompts, nor on how many there are.
        """
        pictures = np.empty((len(prompts), self.side, self.side, 3), np.uint8)
        for i, _prompt in enumerate(prompts):
            noise = torch.Generator().manual_seed((seed * 1_000_003 + i) % 2 ** 63)
            # TODO: your decoder, from the prompt's words and this noise.
            pictures[i] = torch.randint(0, 256, pictures.shape[1:], generator=noise).numpy()
        return pictures

    def caption(self, images):
        """One sentence for each picture.

        images: numpy uint8 [B, S, S, 3]. Returns a list of B str, lower case, words of the sheet's
        vocabulary separated by single spaces, without special tokens.
        """
        # TODO: your captioner.
        return ["a small red circle at the top left"] * len(images)


def load(dir, device):
    """The model from the checkpoint in the folder `dir`.

    device: "cpu" (pictures of 16 x 16) or "cuda" (32 x 32). Everything learned comes from the checkpoint:
    the tests also call load with a copy of it whose tensors are permuted, and with an empty folder.
    """
    side = 32 if str(device).startswith("cuda") else 16
    tensors = read(Path(dir) / f"checkpoint-{side}.npz")
    return Model(side, tensors, device)
