"""A program of the plugin's own, as what collects messages would be: it waits until it is asked to end."""

import signal

ENDING = {signal.SIGTERM, signal.SIGINT}

if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    signal.sigwait(ENDING)
