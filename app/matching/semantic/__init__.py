"""The optional extra: how near two records are in what they mean, whatever their words and languages."""
