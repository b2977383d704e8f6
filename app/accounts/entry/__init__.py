"""The way in: password, second step, passkey, and proving once more before what matters."""
