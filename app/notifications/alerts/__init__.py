"""Alerts of followed searches: whatever one of them newly finds is announced, once, however far down it ranks."""
