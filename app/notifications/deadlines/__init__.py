"""Days that are near: offers due, registration closing, pledges and tranches, deliveries that nobody has confirmed."""
