"""Which programmes, courses and outputs meet which need, judged requirement by requirement and explained in words."""
