"""Makes the reference's one-page report.pdf, without any library for PDF.

Run in the development image: `python3 tools/make_report.py`. The curve is measured, not drawn by hand.
"""
import sys
from pathlib import Path

import numpy as np

SUITE = Path(__file__).parent.parent
sys.path.insert(0, str(SUITE / "reference"))


def pdf(content):
    """A one-page A4 document with Helvetica and this content stream."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
    ]
    out, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + entries
    return out + table + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))


def line(x, y, text, size=10, font="F1"):
    text = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET"


def page(title, paragraphs, drawing=()):
    lines, y = [line(60, 780, title, 16, "F2")], 750
    for paragraph in paragraphs:
        for text in paragraph.splitlines():
            bold = text.startswith("# ")
            lines.append(line(60, y, text.removeprefix("# "), 12 if bold else 10, "F2" if bold else "F1"))
            y -= 15
        y -= 8
    return pdf("\n".join([*lines, *drawing]).encode("latin-1"))


def curve(accuracies, left=90, bottom=90, width=400, height=170):
    """A frame and the polyline of accuracies from 0 to 1, as PDF drawing operators."""
    points = [(left + width * i / (len(accuracies) - 1), bottom + height * a) for i, a in enumerate(accuracies)]
    path = " ".join(f"{x:.1f} {y:.1f} {'l' if i else 'm'}" for i, (x, y) in enumerate(points))
    labels = [line(left - 22, bottom + height * a - 3, f"{a:.1f}", 8) for a in (0, 0.5, 0.9, 1)]
    grid = f"0.8 G {left} {bottom + 0.9 * height:.1f} m {left + width} {bottom + 0.9 * height:.1f} l S 0 G"
    frame = f"{left} {bottom} {width} {height} re S"
    under = line(left, bottom - 14, f"Accuracy on 300 held-out digits over {10 * (len(accuracies) - 1)} batches of 32; grey: 0.9", 8)
    return [grid, frame, f"0 0.3 0.7 RG 1.2 w {path} S", *labels, under]


def measured():
    from cnn import SmallCNN

    with np.load(SUITE / "data" / "digits.npz") as data:
        X, y = data["images"][:, None] / 8 - 0.6, data["labels"].astype(int)
    order = np.random.default_rng(0).permutation(len(X))
    held_out, training = order[:300], order[300:]
    model, accuracies = SmallCNN(weight_scale=0.1), []
    mean, square = ({name: 0 * value for name, value in model.params.items()} for _ in range(2))
    for step, batch in enumerate(np.resize(training, (201, 32)), start=1):
        if step % 10 == 1:
            accuracies.append(np.mean(model.predict(X[held_out]) == y[held_out]))
        _, grads = model.loss(X[batch], y[batch])
        for name, grad in grads.items():
            mean[name] = 0.9 * mean[name] + 0.1 * grad
            square[name] = 0.999 * square[name] + 0.001 * grad**2
            rate = 0.01 * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            model.params[name] -= rate * mean[name] / (np.sqrt(square[name]) + 1e-8)
    return accuracies


def main():
    accuracies = measured()
    text = [
        "# 1 Convolution and its gradients\n"
        "The windows of the padded image are a strided view V[n,c,h,w,i,j]; no pixel is copied. Then\n"
        "out[n,f,h,w] = sum over c,i,j of V[n,c,h,w,i,j] W[f,c,i,j] + b[f].\n"
        "With G = dL/dout:  db[f] = sum of G over n,h,w;  dW[f,c,i,j] = sum over n,h,w of G V;\n"
        "dV[n,c,h,w,i,j] = sum over f of G[n,f,h,w] W[f,c,i,j], added up where the windows overlap.",
        "# 2 Max pooling\n"
        "Each window remembers its first maximum in row-major order. Backward adds each window's\n"
        "gradient to that pixel (np.add.at: a pixel that wins in several windows receives all of them).",
        "# 3 Cost\n"
        "A loop over the kh kw places of the kernel replaces seven nested loops: the gradients of one place\n"
        "never share a pixel, so += loses nothing. The einsum's copy of V needs kh kw times the image.",
        f"# 4 Digits\nconv 4 x 3 x 3 - ReLU - pool - affine 32 - ReLU - affine 10; Adam, rate 0.01, one seed.\n"
        f"Accuracy on digits not trained on: {accuracies[0]:.2f} before, {accuracies[-1]:.2f} after 200 batches.",
    ]
    report = page("A small convolutional network in numpy", text, curve(accuracies))
    (SUITE / "reference" / "report.pdf").write_bytes(report)


main()
