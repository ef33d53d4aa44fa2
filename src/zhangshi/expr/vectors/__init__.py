"""The conformance vectors: what every back end of the language must answer. See README.md beside the JSON files."""

from zhangshi.expr.vectors.loading import SCOPES, Vector, columns_of, digits_of, sample, scope_of, value_of, vectors
from zhangshi.expr.vectors.stage import VectorHost

__all__ = [
    "SCOPES", "Vector", "VectorHost", "columns_of", "digits_of", "sample", "scope_of", "value_of", "vectors",
]  # fmt: skip
