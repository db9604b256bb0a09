"""Somebody at a terminal: runs a program in a pseudo-terminal and plays a script of steps.

    user.py STEPS PROGRAM [ARGUMENT ...]

STEPS is JSON: a list of [text, keys]: the text is waited for on the screen, behind that of the step before,
then the keys are typed. A step [text, {"signal": 15}] sends a signal, [text, {"size": [rows, columns]}]
resizes the terminal. What was on the screen is printed; the exit status is the program's, 99 where a text
did not come, 128 and the signal where one ended it.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

PATIENCE = 10


def resize(fd, rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def read_more(fd, seconds):
    """What is on the screen next, b"" when nothing comes or the program is gone."""
    if not select.select([fd], [], [], seconds)[0]:
        return b""
    try:
        return os.read(fd, 65536)
    except OSError:
        return b""


def act(pid, fd, what):
    if isinstance(what, str):
        os.write(fd, what.encode())
    elif "signal" in what:
        os.kill(pid, what["signal"])
    else:
        resize(fd, *what["size"])


def play(pid, fd, steps):
    """Returns the screen and whether all texts came."""
    screen, seen = b"", 0
    for text, what in steps:
        deadline = time.monotonic() + PATIENCE
        while screen.find(text.encode(), seen) < 0:
            more = read_more(fd, deadline - time.monotonic())
            if not more:
                return screen, text
            screen += more
        seen = screen.find(text.encode(), seen) + len(text.encode())
        act(pid, fd, what)
    while True:
        more = read_more(fd, PATIENCE)
        if not more:
            return screen, None
        screen += more


def main():
    steps, argv = json.loads(sys.argv[1]), sys.argv[2:]
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(argv[0], argv)
    resize(fd, 24, 80)
    screen, missing = play(pid, fd, steps)
    sys.stdout.buffer.write(screen)
    sys.stdout.flush()
    os.close(fd)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if missing is not None:
        print(f"\n'{missing}' did not come")
        sys.exit(99)
    sys.exit(128 - status if status < 0 else status)


main()
