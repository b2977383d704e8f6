"""Links sent by mail that prove an address: a new password, a new e-mail address."""
