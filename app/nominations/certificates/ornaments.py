"""What makes a sheet look like a certificate: a frame, a small rule, and a seal of fine interlaced lines."""

from __future__ import annotations

from math import cos, pi, sin

from fpdf import FPDF

DEEP, TEAL, PALE, WARM = (8, 63, 69), (11, 92, 99), (222, 233, 232), (180, 84, 10)
WASH = (251, 252, 251)


def frame(pdf: FPDF, width: float, height: float) -> None:
    """Two lines around the sheet, and quarter circles in the corners."""
    pdf.set_fill_color(*WASH)
    pdf.rect(0, 0, width, height, style="F")
    pdf.set_draw_color(*DEEP)
    pdf.set_line_width(1.1)
    pdf.rect(9, 9, width - 18, height - 18)
    pdf.set_draw_color(*WARM)
    pdf.set_line_width(0.25)
    pdf.rect(11.2, 11.2, width - 22.4, height - 22.4)
    for x, y, across, down in ((11.2, 11.2, 1, 1), (width - 11.2, 11.2, -1, 1), (11.2, height - 11.2, 1, -1),
                               (width - 11.2, height - 11.2, -1, -1)):  # fmt: skip
        for radius in (5.0, 6.2, 7.4):
            points = [(x + across * radius * cos(t * pi / 40), y + down * radius * sin(t * pi / 40)) for t in range(21)]
            pdf.polyline(points)


def rule(pdf: FPDF, x: float, y: float) -> None:
    """A short line with a lozenge in its middle."""
    pdf.set_draw_color(*WARM)
    pdf.set_fill_color(*WARM)
    pdf.set_line_width(0.3)
    pdf.line(x - 28, y, x - 3, y)
    pdf.line(x + 3, y, x + 28, y)
    pdf.polygon([(x - 1.5, y), (x, y - 1.5), (x + 1.5, y), (x, y + 1.5)], style="F")


def seal(pdf: FPDF, x: float, y: float, radius: float) -> None:
    """A rosette of interlaced lines around the mark of the site: two halves that make one."""
    pdf.set_line_width(0.12)
    for turn in range(6):
        pdf.set_draw_color(*(TEAL if turn % 2 else WARM))
        pdf.polyline(_petals(x, y, radius, turn * pi / 72))
    pdf.set_fill_color(*WASH)
    pdf.set_draw_color(*DEEP)
    pdf.set_line_width(0.4)
    pdf.circle(x, y, radius * 0.66, style="FD")
    pdf.set_line_width(0.15)
    pdf.circle(x, y, radius * 0.6)
    half = radius * 0.36
    pdf.set_fill_color(*DEEP)
    pdf.polygon(_half(x - 0.35, y + 0.5, half, -1), style="F")
    pdf.set_fill_color(*WARM)
    pdf.polygon(_half(x + 0.35, y - 0.5, half, 1), style="F")


def _petals(x: float, y: float, radius: float, turn: float) -> list[tuple[float, float]]:
    points = []
    for step in range(481):
        angle = step * 2 * pi / 480
        away = radius * (0.84 + 0.13 * cos(12 * (angle + turn)))
        points.append((x + away * cos(angle), y + away * sin(angle)))
    return points


def _half(x: float, y: float, radius: float, side: int) -> list[tuple[float, float]]:
    angles = [pi / 2 - step * pi / 40 for step in range(41)]
    return [(x + side * radius * cos(angle), y + radius * sin(angle)) for angle in angles]
