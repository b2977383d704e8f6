"""Everything public as open data in the IATI standard, version 2.03: what anybody may see, the same for everybody.

`told` is what is said of one activity, in plain values; `of_programmes`, `of_pledges` and `of_needs` put it together
from records, `activity` writes it down, `writing` streams a whole file, and `shelf` keeps files as long as they hold.
"""
