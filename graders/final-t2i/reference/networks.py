"""The painter (words and noise to picture) and the captioner (picture to words).

Both are built so that what was learned of a colour holds for every shape. The painter composes a soft
mask, one colour for what is inside and one for what is outside. The captioner takes the same apart: one
branch sees a single learned channel, that is the form, the other which colours occur, but not where; at
each word it chooses which of the two to look at. A plain convolutional captioner reads pairs that it has seen
without a mistake, and calls a red triangle orange.
"""

import torch
from torch import nn
from torch.nn import functional as F

WORDS = ("<pad>", "<bos>", "<eos>", "a", "at", "blue", "bottom", "center", "circle", "cross", "cyan", "diamond",
         "green", "is", "large", "left", "orange", "purple", "red", "right", "shows", "small", "square", "the",
         "there", "top", "triangle", "yellow")
INDEX = {word: i for i, word in enumerate(WORDS)}
PAD, BOS, EOS = 0, 1, 2
# What the captioner's grammar remembers of a word: that a colour was said, not which one. Otherwise it learns that
# no circle follows "orange", since none does in the training captions.
KINDS = ("blue cyan green orange purple red yellow", "circle cross diamond square triangle", "large small")
KIND_OF = [next((kind.split()[0] for kind in KINDS if word in kind.split()), word) for word in WORDS]
LONGEST = 12
NOISE = 8
TEXT = 64
CODES = 512


def encode(captions):
    """Captions as int64 [N, LONGEST], padded, closed by <eos>; unknown words are left out."""
    rows = torch.full((len(captions), LONGEST), PAD)
    for i, caption in enumerate(captions):
        known = [INDEX[word] for word in caption.lower().split() if word in INDEX][:LONGEST - 1]
        rows[i, :len(known) + 1] = torch.tensor(known + [EOS])
    return rows


def block(inside, outside, stride=1):
    return nn.Sequential(nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU())


def downwards(side, channels, width):
    """Pictures to a flat vector of 16 * width numbers: halve until 4 x 4."""
    layers = [block(channels, 24)]
    channels = 24
    while side > 4:
        layers.append(block(channels, width, 2))
        channels, side = width, side // 2
    return nn.Sequential(*layers, nn.Flatten())


class Painter(nn.Module):
    """Text and noise to a picture, with the encoder that tells in training what the noise was."""

    def __init__(self, side, width=32):
        super().__init__()
        self.side, self.width = side, width
        self.words = nn.EmbeddingBag(len(WORDS), TEXT, mode="sum", padding_idx=PAD)
        self.look = nn.Sequential(downwards(side, 3, width), nn.Linear(16 * width, 128), nn.ReLU())
        self.posterior = nn.Linear(128 + TEXT, 2 * NOISE)
        self.plan = nn.Sequential(nn.Linear(TEXT + NOISE, 192), nn.ReLU(), nn.Linear(192, 16 * width), nn.ReLU())
        ups, size = [], 4
        while size < side:
            size *= 2
            narrowed = width if size < side else 16
            ups += [nn.Upsample(scale_factor=2), block(width, narrowed)]
        self.mask = nn.Sequential(*ups, nn.Conv2d(16, 1, 3, 1, 1))
        self.inside = nn.Sequential(nn.Linear(TEXT + NOISE, 64), nn.ReLU(), nn.Linear(64, 3))
        self.outside = nn.Sequential(nn.Linear(NOISE, 32), nn.ReLU(), nn.Linear(32, 3))
        self.register_buffer("codes", torch.zeros(CODES, 2 * NOISE))

    def paint(self, tokens, noise):
        """Pictures in 0..1, [N, 3, S, S]."""
        known = torch.cat([self.words(tokens), noise], 1)
        mask = torch.sigmoid(self.mask(self.plan(known).view(-1, self.width, 4, 4)))
        inside, outside = (torch.sigmoid(x)[:, :, None, None] for x in (self.inside(known), self.outside(noise)))
        return mask * inside + (1 - mask) * outside

    def encoded(self, pictures, tokens):
        """Mean and log variance of what a picture shows beyond its words, [N, 2 * NOISE]."""
        return self.posterior(torch.cat([self.look(pictures), self.words(tokens)], 1))

    @torch.no_grad()
    def remember(self, pictures, tokens):
        """Keeps the codes of CODES pictures: the mixture that noise is drawn from later.

        What the encoder says over all pictures is no standard normal, and noise between its clumps paints
        tinted, middling backgrounds (Ghosh et al. 2020, on fitting the density afterwards).
        """
        self.codes.copy_(self.encoded(pictures, tokens))

    def noise(self, source):
        """The noise of one picture, [NOISE], from a torch.Generator on the CPU."""
        which = int(torch.randint(CODES, (1,), generator=source))
        mean, spread = self.codes[which].cpu().chunk(2)
        return mean + torch.exp(0.5 * spread) * torch.randn(NOISE, generator=source)

    def forward(self, pictures, tokens):
        """Rebuilt pictures, and the divergence of the noise from a standard normal [N]."""
        mean, spread = self.encoded(pictures, tokens).chunk(2, 1)
        noise = mean + torch.exp(0.5 * spread) * torch.randn_like(mean)
        divergence = 0.5 * (mean ** 2 + spread.exp() - 1 - spread).sum(1)
        return self.paint(tokens, noise), divergence


class Captioner(nn.Module):
    """A picture to words, one at a time."""

    def __init__(self, side, width=32, slot=64):
        super().__init__()
        self.mask = nn.Sequential(nn.Conv2d(3, 16, 1), nn.ReLU(), nn.Conv2d(16, 1, 1))
        self.form = nn.Sequential(downwards(side, 1, width), nn.Linear(16 * width, slot), nn.ReLU())
        self.pixel = nn.Sequential(nn.Conv2d(3, 32, 1), nn.ReLU(), nn.Conv2d(32, 32, 1))
        self.colour = nn.Sequential(nn.Linear(32, slot), nn.ReLU())
        self.words = nn.Embedding(len(WORDS), 32)
        self.cell = nn.GRUCell(32, 64)
        self.choose = nn.Linear(64, 2)
        self.say = nn.Linear(slot, len(WORDS))
        self.grammar = nn.Linear(64, len(WORDS))
        self.register_buffer("kind", torch.tensor([INDEX[word] for word in KIND_OF]), persistent=False)

    def look(self, pictures):
        """[N, 2, slot]: the form, from one channel; and the colours that occur, wherever they are."""
        form = self.form(F.instance_norm(self.mask(pictures)))
        colour = self.colour(self.pixel(pictures).flatten(2).amax(2))
        return torch.stack([form, colour], 1)

    def step(self, word, seen, state):
        """Logits of the next word: what the chosen branch shows, plus what the grammar expects."""
        state = self.cell(self.words(self.kind[word]), state)
        chosen = torch.softmax(self.choose(state), 1)
        return self.say(torch.einsum("nk,nks->ns", chosen, seen)) + self.grammar(state), state

    def forward(self, pictures, tokens, forget=0.0):
        """Logits [N, LONGEST, words]; `forget` is how often the word before is withheld."""
        seen, state, logits = self.look(pictures), None, []
        before = torch.cat([torch.full_like(tokens[:, :1], BOS), tokens[:, :-1]], 1)
        before = torch.where(torch.rand_like(before, dtype=torch.float) < forget, PAD, before)
        for t in range(tokens.shape[1]):
            scores, state = self.step(before[:, t], seen, state)
            logits.append(scores)
        return torch.stack(logits, 1)

    @torch.no_grad()
    def greedy(self, pictures):
        """Token rows int64 [N, LONGEST]."""
        seen, state, rows = self.look(pictures), None, []
        word = torch.full((len(pictures),), BOS, device=pictures.device)
        for _ in range(LONGEST):
            scores, state = self.step(word, seen, state)
            word = scores.argmax(1)
            rows.append(word)
        return torch.stack(rows, 1)


def painter_loss(painter, pictures, tokens, sharpness):
    rebuilt, divergence = painter(pictures, tokens)
    error = ((rebuilt - pictures) ** 2).flatten(1).sum(1)
    return (sharpness * error + divergence).mean()


def captioner_loss(captioner, pictures, tokens, forget):
    logits = captioner(pictures, tokens, forget)
    return F.cross_entropy(logits.flatten(0, 1), tokens.flatten(), ignore_index=PAD)
