"""Frames and values: what is on the list crosses unchanged, everything else is refused."""

import json
import os
import socket
import threading
import time

import numpy as np
import pytest
import wire

VECTORS = json.load(open(os.path.join(os.path.dirname(wire.__file__), "vectors.json")))


def named(cases):
    return pytest.mark.parametrize("case", cases, ids=[c["name"] for c in cases])


def unhex(case):
    return [bytes.fromhex(b) for b in case["buffers"]]


@named(VECTORS["frames"]["valid"])
def test_a_valid_frame_reads_as_the_vector_says(case):
    header, buffers = wire.parse_frame(bytes.fromhex(case["hex"]))
    assert header == case["header"]
    assert [bytes(b) for b in buffers] == unhex(case)


@named(VECTORS["frames"]["valid"])
def test_a_packed_frame_reads_back(case):
    header = {k: v for k, v in case["header"].items() if k != "buffers"}
    data = b"".join(bytes(p) for p in wire.pack_frame(header, unhex(case)))
    again, buffers = wire.parse_frame(data)
    assert {k: v for k, v in again.items() if k != "buffers"} == header
    assert [bytes(b) for b in buffers] == unhex(case)


@named(VECTORS["frames"]["invalid"])
def test_an_invalid_frame_is_refused(case):
    with pytest.raises(wire.WireError):
        wire.parse_frame(bytes.fromhex(case["hex"]))


@named(VECTORS["frames"]["invalid"])
def test_an_invalid_frame_is_refused_from_a_stream(case):
    ours, theirs = socket.socketpair()
    data = bytes.fromhex(case["hex"])
    theirs.sendall(data)
    theirs.close()
    with pytest.raises((wire.WireError, wire.Closed)):
        stream = wire.Stream(ours)
        stream.read(time.monotonic() + 5)
        stream.read(time.monotonic() + 5)  # what is too long makes the next one wrong


def test_json_nested_beyond_the_interpreter_is_refused():
    text = b"[" * 200_000
    with pytest.raises(wire.WireError):
        wire.parse_frame(len(text).to_bytes(4, "big") + text)


@named(VECTORS["values"]["valid"])
def test_a_valid_value_decodes_and_encodes_as_the_vector_says(case):
    want = eval(case["python"], {"np": np, "HandleRef": wire.HandleRef})
    got = wire.decode_value(case["node"], unhex(case), handle=lambda ref: ref)
    assert type(got) is type(want)
    np.testing.assert_equal(got, want)
    if isinstance(want, np.ndarray):
        assert got.dtype == want.dtype and got.shape == want.shape and got.flags.writeable
    node, buffers = wire.encode_value(want)
    assert node == case["node"]
    assert [bytes(b) for b in buffers] == unhex(case)


@named(VECTORS["values"]["invalid"])
def test_an_invalid_value_is_refused(case):
    with pytest.raises(wire.WireError):
        wire.decode_value(case["node"], unhex(case), handle=lambda ref: ref)


def test_a_handle_is_refused_where_data_is_expected():
    with pytest.raises(wire.WireError):
        wire.decode_value({"t": "handle", "id": 1, "type": "x"})


def test_a_number_that_json_reads_as_infinity_is_refused():
    with pytest.raises(wire.WireError):
        wire.decode_value(json.loads("1e999"))


@pytest.mark.parametrize(
    "value",
    [np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(6)[::-2], np.arange(3, dtype=">i4"), np.arange(4.0)[1:3]],
    ids=["Fortran order", "negative stride", "big-endian", "a view"],
)
def test_an_array_of_any_layout_crosses_by_value(value):
    got = wire.decode_value(*wire.encode_value(value))
    assert np.array_equal(got, value) and got.flags.c_contiguous and got.dtype == value.dtype.newbyteorder("=")


@pytest.mark.parametrize("value", [np.float64(1.5), np.int8(-3), np.bool_(True), np.float32(0.5)])
def test_numpy_scalars_cross_as_plain_numbers(value):
    got = wire.decode_value(*wire.encode_value(value))
    assert type(got) in (bool, int, float) and got == value


class Sub(np.ndarray):
    pass


class Text(str):
    pass


@pytest.mark.parametrize(
    "value",
    [np.arange(3).view(Sub), np.array([None]), np.array(["a"]), np.ma.array([1]), Text("a"), {1: 2}, {1}, object(), len, 1j],
    ids=lambda v: type(v).__name__,
)
def test_what_is_not_exactly_on_the_list_goes_to_opaque(value):
    with pytest.raises(wire.Unencodable):
        wire.encode_value(value)
    node, _ = wire.encode_value([value], opaque=lambda v: wire.HandleRef(5, "kept"))
    assert node == [{"t": "handle", "id": 5, "type": "kept"}]


def test_caps_on_values_depth_text_and_bytes_hold_both_ways():
    limits = wire.Limits(bytes=100, values=10, depth=3, text_chars=5)
    for value in ([0] * 10, [[[[1]]]], np.zeros(13)):
        with pytest.raises(wire.Unencodable):
            wire.encode_value(value, limits=limits)
    for node in ([0] * 10, [[[[1]]]], "123456"):
        with pytest.raises(wire.WireError):
            wire.decode_value(node, limits=limits)


def test_a_list_that_contains_itself_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(wire.Unencodable):
        wire.encode_value(loop)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\x00b\x1b[31mc\x7f\x9b", "ab[31mc"),
        ("keeps\ttabs\nand lines", "keeps\ttabs\nand lines"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ud800x", "\ufffdx"),
        ("evil\u202etxt", "eviltxt"),
        ("沿时间 😀", "沿时间 😀"),
    ],
)
def test_text_becomes_valid_and_without_control_characters(dirty, clean):
    assert wire.clean_text(dirty) == clean
    assert wire.decode_value(dirty) == clean


def test_torch_tensors_cross_as_tensors():
    torch = pytest.importorskip("torch")
    for tensor in (torch.arange(6.0).reshape(2, 3).T, torch.tensor(True), torch.zeros(0, 2), torch.ones(2, dtype=torch.bfloat16)):
        got = wire.decode_value(*wire.encode_value(tensor.requires_grad_(tensor.is_floating_point())))
        assert type(got) is torch.Tensor and got.dtype == tensor.dtype and torch.equal(got, tensor.detach())


def test_magic_after_noise_is_found_and_the_noise_dropped():
    ours, theirs = socket.socketpair()
    theirs.sendall(b'{"Detach":true}ASSAY/ASSAY/1\n' + b"".join(wire.pack_frame({"op": "x"})))
    stream = wire.Stream(ours)
    stream.drop_to_magic(time.monotonic() + 5)
    assert stream.read(time.monotonic() + 5)[0] == {"op": "x"}


def test_endless_noise_is_refused():
    ours, theirs = socket.socketpair()
    threading.Thread(target=_flood, args=(theirs,), daemon=True).start()
    with pytest.raises(wire.WireError):
        wire.Stream(ours).drop_to_magic(time.monotonic() + 20)
    ours.close()


def _flood(end):
    try:
        while True:
            end.sendall(b"x" * 4096)
    except OSError:
        pass


def test_a_frame_sent_a_byte_at_a_time_meets_the_deadline():
    ours, theirs = socket.socketpair()
    frame = b"".join(wire.pack_frame({"op": "x" * 100}))
    stop = threading.Event()

    def trickle():
        for byte in frame:
            if stop.wait(0.02):
                return
            theirs.send(bytes([byte]))

    thread = threading.Thread(target=trickle)
    thread.start()
    started = time.monotonic()
    with pytest.raises(wire.TimedOut):
        wire.Stream(ours).read(started + 0.3)
    assert 0.3 <= time.monotonic() - started < 0.6
    stop.set()
    thread.join()


def test_a_reader_that_never_reads_meets_the_senders_deadline():
    ours, theirs = socket.socketpair()
    started = time.monotonic()
    with pytest.raises(wire.TimedOut):
        wire.Stream(ours).write({"op": "x"}, [bytes(8 << 20)], started + 0.3)
    assert time.monotonic() - started < 1
    theirs.close()


def test_a_lying_length_costs_no_memory():
    ours, theirs = socket.socketpair()
    theirs.sendall(b"".join(wire.pack_frame({"op": "x"})))
    text = b'{"buffers":[60000000]}'
    theirs.sendall(len(text).to_bytes(4, "big") + text)
    stream = wire.Stream(ours)
    stream.read(time.monotonic() + 1)
    before = _resident()
    with pytest.raises(wire.TimedOut):
        stream.read(time.monotonic() + 0.3)
    assert _resident() - before < 10 << 20


def _resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096


def test_descriptors_travel_with_a_frame():
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    wire.Stream(ours).write({"op": "begin"}, deadline=time.monotonic() + 1, fds=[writing])
    header, fds = wire.Stream(theirs).read_with_fds(time.monotonic() + 1)
    os.write(fds[0], b"hello")
    assert header == {"op": "begin"} and os.read(reading, 5) == b"hello" and not os.get_inheritable(fds[0])
