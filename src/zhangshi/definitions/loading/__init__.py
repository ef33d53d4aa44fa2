"""YAML text -> source objects, and back."""

from zhangshi.definitions.loading.files import load_folder, load_text, load_texts, read_text
from zhangshi.definitions.loading.source import SITE, Mark, SourceObject
from zhangshi.definitions.loading.writing import dump, dump_json

__all__ = ["SITE", "Mark", "SourceObject", "dump", "dump_json", "load_folder", "load_text", "load_texts", "read_text"]
