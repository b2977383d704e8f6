"""Reading activity files written to the IATI standard, versions 1.01 to 2.03.

Start at :func:`app.exchange.iati.reader.read_activities`; the values it hands out are described
in :mod:`app.exchange.iati.activity`.
"""
