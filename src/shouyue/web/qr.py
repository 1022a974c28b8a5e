"""QR codes as SVG."""

import io

import segno
from django.utils.safestring import SafeString


def qr_code(text: str) -> SafeString:
    """A QR code as SVG without any style or script; the words beside it say the same.

    Never a micro QR code, which few phones and tills can read. It grows with its place: the unit brings a viewBox.
    """
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgns=True,
        scale=4,
        unit="px",
        border=2,
        light="#fff",
        dark="#17191d",
        svgclass="qr",
    )
    # segno writes shapes only; the text itself is not in them.
    return SafeString(drawn.getvalue().decode())
