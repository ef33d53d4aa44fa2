"""The promises of Zhangshi, and the attempts to break them."""
