#!/bin/sh
# SIGKILL for a hook, for its git receive-pack, and for both at once.
. "${0%/*}/lib.sh"
faulty_server
sweep_all kill write 12
sweep_all orphan open
sweep_all both open
finish_sweeps
