"""Who does what where (3W), with the hashtags of the Humanitarian Exchange Language (HXL 1.1): out for all, and in.

`tags` is the law of the hashtags, `columns` what stands in our table, `rules` how an activity becomes rows; `reading`
and `judging` turn a table that somebody sends into programmes, and `keeping` saves them.
"""
