"""The former place of `w2s_widgets.cache`."""

from w2s_widgets.cache import ArrayCache, CacheInfo, default_folder, write_atomically

__all__ = ["ArrayCache", "CacheInfo", "default_folder", "write_atomically"]
