"""Who gives what, for what, where and when: programmes and accepted pledges as one list, which the pictures draw."""
