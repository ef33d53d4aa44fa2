"""`python -m zhangshi` is the command `zhangshi`."""

from zhangshi.bootstrap import main

main()
