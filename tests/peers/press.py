"""Presses keys in an interactive bash, and prints the line that comes of them.

    press.py SETUP KEYS

SETUP is a command that is run first. KEYS are what is typed then, escapes as in Python: `\\t` is the key that
completes, `\\x1b*` the one that puts every completion into the line. The line itself is not run, but shown.
"""

import os
import pty
import sys

PROMPT = "ready> "
SHOWN = "the line is: "


def main(setup, keys):
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(PS1=PROMPT, TERM="dumb", INPUTRC=os.devnull)
        os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
    wait_for_prompt(terminal)
    press(terminal, f"stty cols 4000; {setup}\n")
    wait_for_prompt(terminal)
    # Readline takes one key after the other, so that these wait for what the ones before them do:
    # to the beginning of the line, a command that shows its arguments, to the end.
    press(terminal, keys.encode().decode("unicode_escape") + f"\x01echo '{SHOWN}' \x05\nexit\n")
    seen = "".join(read(terminal))
    lines = [line for line in seen.splitlines() if line.startswith(SHOWN)]
    print(lines[-1].removeprefix(SHOWN).strip() if lines else f"no line was shown:\n{seen}")


def press(terminal, keys):
    os.write(terminal, keys.encode())


def read(terminal):
    """What the terminal shows, piece by piece, to its end."""
    while True:
        try:
            piece = os.read(terminal, 65536).decode(errors="replace")
        except OSError:
            return
        if not piece:
            return
        yield piece


def wait_for_prompt(terminal):
    seen = ""
    for piece in read(terminal):
        seen += piece
        if seen.endswith(PROMPT):
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
