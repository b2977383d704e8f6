"""How people prove that they are who signs in: authenticator apps, passkeys, recovery codes."""
