"""Zhangshi (账实): the books match the shelf."""

__version__ = "0.1.0"
