"""How two records stand to each other, as the organisations behind them say: the same, co-funded, beside, instead."""
