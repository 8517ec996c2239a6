"""What the tests call: load(dir, device), generate(prompts, seed), caption(images)."""

from pathlib import Path

import numpy as np
import torch

from checkpoint import read
from networks import EOS, WORDS, Captioner, Painter, encode

BATCH = 64


def source_of(seed, position):
    """The randomness of one sample: it depends on the seed and the sample's place, on nothing else."""
    return torch.Generator().manual_seed((seed * 1_000_003 + position) % 2 ** 63)


class Model:
    def __init__(self, painter, captioner, device):
        self.painter, self.captioner, self.device = painter, captioner, device

    @torch.no_grad()
    def generate(self, prompts, seed):
        """uint8 [B, S, S, 3]; picture i depends on prompts[i], seed and i alone."""
        pictures = np.empty((len(prompts), self.painter.side, self.painter.side, 3), np.uint8)
        for start in range(0, len(prompts), BATCH):
            part = prompts[start:start + BATCH]
            noise = torch.stack([self.painter.noise(source_of(seed, start + i)) for i in range(len(part))])
            painted = self.painter.paint(encode(part).to(self.device), noise.to(self.device))
            pictures[start:start + BATCH] = (painted * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
        return pictures

    @torch.no_grad()
    def caption(self, images):
        """One caption, a str of lower-case words, for each picture of uint8 [B, S, S, 3]."""
        captions = []
        for start in range(0, len(images), BATCH):
            part = torch.from_numpy(np.ascontiguousarray(images[start:start + BATCH])).to(self.device)
            for row in self.captioner.greedy(part.permute(0, 3, 1, 2).float() / 255).tolist():
                words = row[:row.index(EOS)] if EOS in row else row
                captions.append(" ".join(WORDS[word] for word in words))
        return captions


def load(dir, device):
    """The model from the checkpoint in `dir`: pictures of 16 x 16 on a CPU, 32 x 32 on a GPU."""
    torch.set_num_threads(1)          # one core is given; more threads would wait for each other
    side = 32 if str(device).startswith("cuda") else 16
    tensors = read(Path(dir) / f"checkpoint-{side}.safetensors")
    networks = {}
    for name, kind in (("painter", Painter), ("captioner", Captioner)):
        network = kind(side)
        network.load_state_dict({key.removeprefix(name + "."): value for key, value in tensors.items()
                                 if key.startswith(name + ".")}, strict=False)
        networks[name] = network.eval().to(device)
    return Model(networks["painter"], networks["captioner"], device)
