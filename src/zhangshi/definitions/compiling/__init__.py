"""Sources -> the compiled catalog, with every problem that stands in the way."""

from zhangshi.definitions.compiling.catalogs import Compiled, compile_catalog, compile_sources

__all__ = ["Compiled", "compile_catalog", "compile_sources"]
