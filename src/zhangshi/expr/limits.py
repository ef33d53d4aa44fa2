"""How large a formula and its answers may be. Every limit has a refusal of its own; none is reached by honest use."""

TEXT_LENGTH_MAX = 8_000
"""Characters of a formula."""
DEPTH_MAX = 60
"""Levels of operators and calls inside each other; keeps checker and evaluator far below Python's own limit."""
NESTING_MAX = 2 * DEPTH_MAX
"""Parentheses and calls inside each other; redundant parentheses count too."""
NODES_MAX = 2_000
"""Names, literals, operators and calls of a formula."""
STEPS_MAX = 2_000_000
"""Nodes evaluated over all rows in one evaluation."""
RESULT_LENGTH_MAX = 100_000
"""Characters of a text that a formula makes."""
EXPONENT_MAX = 40
"""A number is smaller than ten to the power of this, plus one."""
PRECISION = 50
"""Significant digits of a number."""
DIVISION_DIGITS = 20
"""Digits after the point of a quotient."""
PINYIN_LENGTH_MAX = 500
"""Characters that PINYIN reads; names are shorter."""
LETTERS_A_STEP = 16
"""Characters of a text that a function makes in one step."""
POWER_MAX = 100
"""Largest exponent of POWER."""
DAYS_MAX = 40_000
"""Days that WORKDAY and NETWORKDAYS look at."""
YEAR_MIN = 1000
SNIPPET_MAX = 40
"""Characters of the formula that an error repeats."""
