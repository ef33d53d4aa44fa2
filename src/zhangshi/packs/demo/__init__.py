"""The factory that `zhangshi demo` builds: 80 people in Wenzhou who make locks, hinges and door hardware."""
