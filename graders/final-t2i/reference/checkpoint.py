"""safetensors in thirty lines: 8 bytes of header length, a JSON header, then the numbers."""

import json
from pathlib import Path

import numpy as np
import torch


def save(path, tensors):
    """Writes a dict of float tensors as float32."""
    header, chunks, offset = {}, [], 0
    for name, tensor in sorted(tensors.items()):
        data = tensor.detach().float().cpu().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    Path(path).write_bytes(len(text).to_bytes(8, "little") + text + b"".join(chunks))


def read(path):
    """The dict of float32 tensors in a file that `save` wrote."""
    raw = Path(path).read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            numbers = np.frombuffer(raw[start + begin:start + end], "<f4").reshape(entry["shape"])
            tensors[name] = torch.from_numpy(numbers.copy())
    return tensors
