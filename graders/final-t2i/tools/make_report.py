"""Makes the one-page report.pdf that reference/ and starter/ carry: python tools/make_report.py OUT LINE..."""

import sys
from pathlib import Path


def pdf(lines):
    """A valid PDF of one A4 page with the lines in Helvetica."""
    shown = " T* ".join(f"({line.translate(str.maketrans({'(': r'\(', ')': r'\)'}))}) Tj" for line in lines)
    content = f"BT /F1 11 Tf 14 TL 60 780 Td {shown} ET".encode()
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
               b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
               b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (out + b"xref\n0 5\n0000000000 65535 f \n" + table
            + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out))


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(pdf(sys.argv[2:]))
